#include "testing/record_payload.hpp"

#include "testing/base64.hpp"
#include "testing/failure.hpp"
#include "testing/metadata_json.hpp"

#include <chroma/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace chroma::testing {
namespace {

using Embedding = WriteColumns::Embedding;

/// Numbers outside of the range of a float become infinite.
float to_float(double number) {
  const double largest = std::numeric_limits<float>::max();
  if (std::abs(number) > largest) {
    return std::copysign(std::numeric_limits<float>::infinity(),
                         static_cast<float>(std::copysign(1.0, number)));
  }
  return static_cast<float>(number);
}

std::optional<std::vector<float>> numbers(const Json& row) {
  if (!row.is_array()) return std::nullopt;
  std::vector<float> values;
  values.reserve(row.size());
  for (const auto& item : row) {
    if (!item.is_number()) return std::nullopt;
    values.push_back(to_float(item.get<double>()));
  }
  return values;
}

/// Either all rows must be arrays of numbers, or all must be base64. In an update, a row may be null.
void require_embeddings(const Json& column, bool nulls) {
  bool has_base64 = false;
  bool has_numbers = false;
  const auto fits = [&](const Json& row) {
    has_base64 = has_base64 || row.is_string();
    has_numbers = has_numbers || row.is_array();
    return row.is_string() || numbers(row).has_value() || (row.is_null() && nulls);
  };
  if (!column.is_array() || !std::all_of(column.begin(), column.end(), fits) || (has_base64 && has_numbers)) {
    refuse_variant("embeddings", nulls ? "UpdateEmbeddingsPayload" : "EmbeddingsPayload");
  }
}

std::vector<Embedding> decoded_embeddings(const Json& column) {
  std::vector<Embedding> rows;
  for (const auto& row : column) {
    if (row.is_string()) {
      rows.emplace_back(floats_of_base64(row.get<std::string>(), rows.size()));
    } else {
      rows.push_back(numbers(row));
    }
  }
  return rows;
}

/// A column of optional texts.
std::vector<std::optional<std::string>> read_optional_texts(const Json& column, const std::string& path) {
  std::vector<std::optional<std::string>> texts;
  for (const auto& item : read_array(column, path)) {
    const auto place = path + "[" + std::to_string(texts.size()) + "]";
    texts.push_back(item.is_null() ? std::nullopt : std::optional(read_text(item, place)));
  }
  return texts;
}

std::vector<UpdateMetadata> read_metadatas(const Json& column, const std::string& path, bool nulls) {
  std::vector<UpdateMetadata> metadatas;
  for (const auto& item : read_array(column, path)) {
    const auto place = path + "[" + std::to_string(metadatas.size()) + "]";
    metadatas.push_back(item.is_null() ? UpdateMetadata() : read_metadata(item, place, nulls));
  }
  return metadatas;
}

void require_valid_embedding(const std::vector<float>& row) {
  if (row.empty()) {
    throw Failure(400, "Validation error: embeddings: Each embedding must have at least 1 dimension");
  }
  if (!std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); })) {
    throw Failure(400, "Validation error: embeddings: Embeddings must not contain NaN or Infinity values");
  }
}

bool is_valid(const UpdateMetadata& metadata) {
  if (!key_fault(metadata).empty()) return false;
  return std::all_of(metadata.begin(), metadata.end(), [](const auto& entry) {
    const auto* vector = entry.second.template get_if<SparseVector>();
    return vector == nullptr || std::is_sorted(vector->indices().begin(), vector->indices().end());
  });
}

void refuse_sparse_vectors(const UpdateMetadata& metadata) {
  for (const auto& [key, value] : metadata) {
    if (value.is<SparseVector>()) {
      throw Failure(501, "Unimplemented: Sparse vector is not supported for local chroma: " + key);
    }
  }
}

/// The message of the server for an invalid filter, which only contains the reason for a regular expression.
std::string where_fault(const ChromaHttpClientError& fault, const char* clause) {
  const auto* invalid = fault.get_if<InvalidWhere>();
  const std::string message = invalid == nullptr ? fault.what() : invalid->message;
  for (const char* words : {"Regex syntax errror", "Byte pattern is not allowed"}) {
    // The parser adds a line with the location.
    if (message.rfind(words, 0) == 0) return message.substr(0, message.find_last_of('\n'));
  }
  return std::string("Invalid ") + clause + " clause";
}

template <class Parse>
std::optional<Where> read_clause(const Json& body, const char* name, const char* clause, Parse parse) {
  const auto* member = find_member(body, name);
  if (member == nullptr) return std::nullopt;
  try {
    return parse(member->dump());
  } catch (const ChromaHttpClientError& fault) {
    throw Failure(400, where_fault(fault, clause));
  }
}

}  // namespace

WriteColumns::WriteColumns(Records::Write kind, const Json& body)
    : ids(read_texts(required_member(body, "ids"), "ids")),
      documents(read_optional(body, "documents", read_optional_texts)),
      uris(read_optional(body, "uris", read_optional_texts)),
      metadatas(read_optional(body, "metadatas", [&](const Json& value, const std::string& path) {
        return read_metadatas(value, path, kind != Records::Write::Add);
      })) {
  const bool is_update = kind == Records::Write::Update;
  const auto* column = is_update ? find_member(body, "embeddings") : &required_member(body, "embeddings");
  if (column == nullptr) return;
  require_embeddings(*column, is_update);
  embeddings_json = *column;
}

void WriteColumns::decode() {
  if (!embeddings_json.is_null()) embeddings = decoded_embeddings(embeddings_json);
  for (std::size_t i = 0; embeddings && i < embeddings->size(); ++i) {
    if ((*embeddings)[i]) require_valid_embedding(*(*embeddings)[i]);
  }
  for (std::size_t i = 0; metadatas && i < metadatas->size(); ++i) {
    if (!is_valid((*metadatas)[i])) {
      throw Failure(400, "Validation error: metadatas: Invalid metadata at index " + std::to_string(i));
    }
  }
}

std::vector<RecordChange> WriteColumns::rows() const {
  const auto fits = [&](const auto& column) { return !column || column->size() == ids.size(); };
  if (!fits(embeddings) || !fits(documents) || !fits(uris) || !fits(metadatas)) {
    throw Failure(400, "Inconsistent number of IDs, embeddings, documents, URIs and metadatas");
  }
  std::vector<RecordChange> rows;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i].empty()) throw Failure(400, "Empty ID, ID must have at least one character");
    RecordChange row{ids[i], {}, {}};
    if (embeddings) row.embedding = (*embeddings)[i];
    if (metadatas) row.metadata = (*metadatas)[i];
    if (documents && (*documents)[i]) row.metadata.insert_or_assign(document_key, *(*documents)[i]);
    if (uris && (*uris)[i]) row.metadata.insert_or_assign(uri_key, *(*uris)[i]);
    rows.push_back(std::move(row));
  }
  for (const auto& row : rows) refuse_sparse_vectors(row.metadata);
  return rows;
}

std::optional<Where> read_where(const Json& body) {
  auto where = read_clause(body, "where", "where", Where::parse);
  auto where_document = read_clause(body, "where_document", "where document", Where::parse_document);
  if (where && where_document) return Where::conjunction({*where, *where_document});
  return where ? where : where_document;
}

std::vector<std::string> read_include(const Json& body, const std::vector<std::string>& by_default) {
  const auto found = body.find("include");
  if (found == body.end()) return by_default;
  constexpr std::array<std::string_view, 5> known = {"distances", "documents", "embeddings", "metadatas",
                                                     "uris"};
  auto include = read_texts(*found, "include");
  for (std::size_t i = 0; i < include.size(); ++i) {
    if (std::find(known.begin(), known.end(), include[i]) == known.end()) {
      refuse_form("include[" + std::to_string(i) + "]",
                  "unknown variant `" + include[i] +
                      "`, expected one of `distances`, `documents`, `embeddings`, `metadatas`, `uris`");
    }
  }
  return include;
}

std::size_t common_dimension(const std::vector<const std::vector<float>*>& embeddings) {
  if (embeddings.empty()) return 0;
  const auto dimension = embeddings.front()->size();
  for (const auto* embedding : embeddings) {
    if (embedding->size() != dimension) throw Failure(400, "Inconsistent dimensions in provided embeddings");
  }
  return dimension;
}

std::vector<std::vector<float>> read_matrix(const Json& value, const std::string& path) {
  std::vector<std::vector<float>> rows;
  for (const auto& item : read_array(value, path)) {
    const auto place = path + "[" + std::to_string(rows.size()) + "]";
    auto row = numbers(read_array(item, place));
    if (!row) refuse_form(place, "invalid type, expected f32");
    rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace chroma::testing
