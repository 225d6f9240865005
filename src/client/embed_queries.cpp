// Makes the vectors of queries and searches that are given as texts.
#include "client/embed_requests.hpp"
#include "embed/checked.hpp"
#include "types/rank_walk.hpp"
#include "types/reserved_keys.hpp"

#include <map>
#include <utility>
#include <variant>

namespace chroma::detail {
namespace {

/// The texts that one function embeds, and the index of each among all texts of the request.
struct KeyTexts {
  std::vector<std::string> texts;
  std::vector<std::size_t> places;
};

/// Finds the texts by the key in which they are searched; returns how many there are.
std::size_t find_texts(const SearchRequest& request, std::map<std::string, KeyTexts>& by_key) {
  std::size_t count = 0;
  for (const auto& search : request.searches()) {
    if (!search.rank()) continue;
    for (const auto* knn : search.rank()->knn_queries()) {
      const auto* query = std::get_if<QueryText>(&knn->query().variant());
      if (query == nullptr) continue;
      auto& texts = by_key[knn->key().text()];
      texts.texts.push_back(query->text);
      texts.places.push_back(count++);
    }
  }
  return count;
}

[[noreturn]] void refuse_key(const std::string& key) {
  throw ChromaHttpClientError(EmbeddingFunctionError{
      "the key '" + key +
      "' has no enabled index of sparse vectors with an embedding function, so that it cannot be searched "
      "for a text; pass a vector to Knn"});
}

SparseField find_field(const Collection& model, const std::string& key) {
  for (auto& field : sparse_fields(model)) {
    if (field.key == key) return std::move(field);
  }
  refuse_key(key);
}

/// The vectors of the texts of one key, in their order.
asio::awaitable<std::vector<QueryVector>> embed_key(CollectionCall call, std::string key, KeyTexts texts) {
  std::vector<QueryVector> vectors;
  vectors.reserve(texts.texts.size());
  if (key == embedding_key) {
    auto embedding =
        embed::embed_checked(require_dense(*call.cell), std::move(texts.texts), embed::Purpose::queries);
    const auto rows = co_await as_result(std::move(embedding));
    if (!rows.has_value()) throw error_at_places(rows.error(), texts.places);
    for (std::size_t i = 0; i < rows->size(); ++i) {
      vectors.emplace_back(std::vector<float>((*rows)[i].begin(), (*rows)[i].end()));
    }
  } else {
    const auto field = find_field(call.cell->model, key);
    auto embedding = embed::embed_checked(require_sparse(*call.cell, field), std::move(texts.texts),
                                          embed::Purpose::queries);
    auto rows = co_await as_result(std::move(embedding));
    if (!rows.has_value()) throw error_at_places(rows.error(), texts.places);
    for (auto& row : *rows) vectors.emplace_back(std::move(row));
  }
  co_return vectors;
}

/// The searches with the vectors in place of the texts, in the order in which `find_texts` found them.
std::vector<SearchPayload> replace_texts(std::vector<SearchPayload> searches,
                                         const std::vector<QueryVector>& vectors) {
  std::size_t next = 0;
  for (auto& search : searches) {
    if (!search.rank()) continue;
    search.rank(replace_knn(*search.rank(), [&](const Knn& knn) {
      if (!std::holds_alternative<QueryText>(knn.query().variant())) return knn;
      Knn replaced(vectors[next++]);
      replaced.key(knn.key()).limit(knn.limit());
      replaced.default_score(knn.default_score()).return_rank(knn.return_rank());
      return replaced;
    }));
  }
  return searches;
}

}  // namespace

asio::awaitable<QueryRequest> embed_query_texts(CollectionCall call, QueryRequest request) {
  if (request.query_texts().empty()) co_return request;
  auto texts = request.query_texts();
  auto rows =
      co_await embed::embed_checked(require_dense(*call.cell), std::move(texts), embed::Purpose::queries);
  request.query_texts(std::vector<std::string>());
  request.query_embeddings(std::move(rows));
  co_return request;
}

asio::awaitable<SearchRequest> embed_search_texts(CollectionCall call, SearchRequest request) {
  std::map<std::string, KeyTexts> by_key;
  const std::size_t count = find_texts(request, by_key);
  if (count == 0) co_return request;
  std::vector<QueryVector> vectors(count);
  for (auto& [key, texts] : by_key) {
    const auto places = texts.places;
    auto of_key = co_await embed_key(call, key, std::move(texts));
    for (std::size_t i = 0; i < places.size(); ++i) vectors[places[i]] = std::move(of_key[i]);
  }
  co_return SearchRequest(replace_texts(request.searches(), vectors), request.read_level());
}

}  // namespace chroma::detail
