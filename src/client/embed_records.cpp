// Makes the embeddings and sparse vectors of records that are about to be written.
#include "client/embed_requests.hpp"
#include "embed/checked.hpp"
#include "types/reserved_keys.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace chroma::detail {
namespace {

/// Texts to be embedded, and the indices of the records that they belong to.
struct RecordTexts {
  std::vector<std::string> texts;
  std::vector<std::size_t> rows;

  void add(std::size_t row, std::string text) {
    rows.push_back(row);
    texts.push_back(std::move(text));
  }
};

template <class Request>
RecordTexts document_texts(const Request& request) {
  RecordTexts found;
  if (!request.documents()) return found;
  const auto& documents = *request.documents();
  for (std::size_t row = 0; row < documents.size(); ++row) {
    if (documents[row]) found.add(row, *documents[row]);
  }
  return found;
}

/// Embeds documents. Errors have the index of the record.
template <class Function>
auto embed_texts(Function function, RecordTexts texts)
    -> decltype(embed::embed_checked(function, texts.texts, embed::Purpose::documents)) {
  auto embedding =
      embed::embed_checked(std::move(function), std::move(texts.texts), embed::Purpose::documents);
  auto result = co_await as_result(std::move(embedding));
  if (!result.has_value()) throw error_at_places(result.error(), texts.rows);
  co_return std::move(*result);
}

/// A matrix of `count` rows, of which those in `rows` are the rows of `embeddings`.
Embeddings spread(Embeddings embeddings, const std::vector<std::size_t>& rows, std::size_t count) {
  if (rows.size() == count) return embeddings;
  std::vector<std::optional<std::vector<float>>> spread(count);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    spread[rows[i]].emplace(embeddings[i].begin(), embeddings[i].end());
  }
  return Embeddings(std::move(spread));
}

template <class Request>
constexpr bool is_update = std::is_same_v<Request, UpdateRequest>;

/// The function that makes the embeddings of a request; null if none are to be made.
template <class Request>
DenseFunction dense_function_for(const CollectionCell& cell, const Request& request) {
  if (request.embeddings()) return nullptr;
  if constexpr (is_update<Request>) {
    const auto& documents = request.documents();
    const bool changes_document =
        documents && std::ranges::any_of(*documents, [](const auto& text) { return text.has_value(); });
    if (!changes_document) return nullptr;
    return cell.functions.dense(*cell.client, cell.model);
  } else {
    return require_dense(cell);
  }
}

template <class Map>
const std::string* text_in(const std::optional<Map>& metadata, const std::string& key) {
  if (!metadata) return nullptr;
  const auto found = metadata->find(key);
  return found != metadata->end() ? found->second.template get_if<std::string>() : nullptr;
}

/// The texts of the records whose metadata lacks the key of the field.
template <class Request>
RecordTexts source_texts(const Request& request, const SparseField& field) {
  RecordTexts found;
  const auto& metadatas = request.metadatas();
  const auto& documents = request.documents();
  for (std::size_t row = 0; row < request.ids().size(); ++row) {
    if (metadatas && (*metadatas)[row] && (*metadatas)[row]->contains(field.key)) continue;
    const std::string* text = nullptr;
    if (*field.source_key == document_key) {
      if (documents && (*documents)[row]) text = &*(*documents)[row];
    } else if (metadatas) {
      text = text_in((*metadatas)[row], *field.source_key);
    }
    if (text != nullptr) found.add(row, *text);
  }
  return found;
}

template <class Request>
void set_sparse_vectors(Request& request, const std::string& key, const std::vector<std::size_t>& rows,
                        std::vector<SparseVector> vectors) {
  using Metadatas = std::remove_cvref_t<decltype(*request.metadatas())>;
  Metadatas metadatas;
  if (request.metadatas()) metadatas = *request.metadatas();
  metadatas.resize(request.ids().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = metadatas[rows[i]];
    if (!row) row.emplace();
    row->insert_or_assign(key, std::move(vectors[i]));
  }
  request.metadatas(std::move(metadatas));
}

}  // namespace

ChromaHttpClientError error_at_places(const ChromaHttpClientError& error,
                                      const std::vector<std::size_t>& places) {
  if (const auto* invalid = error.get_if<ValidationError>()) {
    return ChromaHttpClientError(embed::text_error_at(*invalid, places), error.operation(), error.attempts());
  }
  const auto* function_error = error.get_if<EmbeddingFunctionError>();
  if (function_error == nullptr || !function_error->first_text || function_error->text_count == 0 ||
      *function_error->first_text >= places.size()) {
    return error;
  }
  EmbeddingFunctionError placed = *function_error;
  const std::size_t first = *placed.first_text;
  const std::size_t last = std::min(first + placed.text_count, places.size()) - 1;
  placed.first_text = places[first];
  placed.text_count = places[last] - places[first] + 1;
  return ChromaHttpClientError(std::move(placed), error.operation(), error.attempts());
}

DenseFunction require_dense(const CollectionCell& cell) {
  auto function = cell.functions.dense(*cell.client, cell.model);
  if (!function) throw ChromaHttpClientError(MissingEmbeddingFunction());
  return function;
}

SparseFunction require_sparse(const CollectionCell& cell, const SparseField& field) {
  try {
    return cell.functions.sparse(*cell.client, field.key, field.function);
  } catch (const ChromaHttpClientError& error) {
    const auto* function_error = error.get_if<EmbeddingFunctionError>();
    if (function_error == nullptr) throw;
    EmbeddingFunctionError named = *function_error;
    named.message = "key '" + field.key + "': " + named.message;
    throw ChromaHttpClientError(std::move(named));
  }
}

template <class Request>
asio::awaitable<EmbeddedRequest<Request>> embed_records(CollectionCall call, Request request) {
  const auto& cell = *call.cell;
  EmbeddedRequest<Request> result;
  if (auto function = dense_function_for(cell, request)) {
    auto texts = document_texts(request);
    const auto rows = texts.rows;
    auto embeddings = co_await embed_texts(std::move(function), std::move(texts));
    request.embeddings(spread(std::move(embeddings), rows, request.ids().size()));
    result.called_function = true;
  }
  for (const auto& field : sparse_fields(cell.model)) {
    if (!field.source_key) continue;
    auto texts = source_texts(request, field);
    if (texts.texts.empty()) continue;
    const auto rows = texts.rows;
    auto vectors = co_await embed_texts(require_sparse(cell, field), std::move(texts));
    set_sparse_vectors(request, field.key, rows, std::move(vectors));
    result.called_function = true;
  }
  result.request = std::move(request);
  co_return result;
}

template asio::awaitable<EmbeddedRequest<AddRequest>> embed_records(CollectionCall, AddRequest);
template asio::awaitable<EmbeddedRequest<UpsertRequest>> embed_records(CollectionCall, UpsertRequest);
template asio::awaitable<EmbeddedRequest<UpdateRequest>> embed_records(CollectionCall, UpdateRequest);

}  // namespace chroma::detail
