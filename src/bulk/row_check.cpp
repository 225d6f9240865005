#include "bulk/row_check.hpp"

#include "types/record_checks.hpp"
#include "types/validate_metadata.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace chroma::bulk {
namespace {

/// Chroma Cloud's quotas of a record.
namespace quota {
constexpr std::size_t dimension = 4096;
constexpr std::size_t document_bytes = 16'384;
constexpr std::size_t uri_bytes = 256;
constexpr std::size_t id_bytes = 128;
constexpr std::size_t metadata_keys = 32;
constexpr std::size_t metadata_key_bytes = 36;
constexpr std::size_t metadata_value_bytes = 8'182;
}  // namespace quota

std::optional<RowFault> over(const char* field, const char* what, std::size_t size, std::size_t limit) {
  if (size <= limit) return std::nullopt;
  return RowFault{field, std::string(what) + " of " + std::to_string(size) +
                             " is over Chroma Cloud's quota of " + std::to_string(limit)};
}

std::optional<RowFault> metadata_quota_fault(const UpdateMetadata& metadata) {
  if (auto fault = over("metadata", "the number of keys", metadata.size(), quota::metadata_keys))
    return fault;
  for (const auto& [key, value] : metadata) {
    if (auto fault = over("metadata", "a key's size", key.size(), quota::metadata_key_bytes)) return fault;
    const auto* text = value.get_if<std::string>();
    const std::size_t size = text ? text->size() : 0;
    if (auto fault = over("metadata", "a value's size", size, quota::metadata_value_bytes)) return fault;
  }
  return std::nullopt;
}

std::optional<RowFault> quota_fault(const Row& row) {
  if (auto fault = over("id", "the size", row.id().size(), quota::id_bytes)) return fault;
  const auto embedding = row.embedding();
  const std::size_t dimension = embedding ? embedding->size() : 0;
  if (auto fault = over("embedding", "the dimension", dimension, quota::dimension)) return fault;
  const std::size_t document = row.document() ? row.document()->size() : 0;
  if (auto fault = over("document", "the size", document, quota::document_bytes)) return fault;
  const std::size_t uri = row.uri() ? row.uri()->size() : 0;
  if (auto fault = over("uri", "the size", uri, quota::uri_bytes)) return fault;
  return row.metadata() ? metadata_quota_fault(*row.metadata()) : std::nullopt;
}

std::optional<RowFault> embedding_fault(std::span<const float> values,
                                        std::optional<std::size_t>& dimension) {
  if (values.empty()) return RowFault{"embedding", "is empty"};
  auto fault = detail::not_finite_fault(values);
  if (!fault.empty()) return RowFault{"embedding", std::move(fault)};
  if (!dimension) dimension = values.size();
  if (values.size() == *dimension) return std::nullopt;
  return RowFault{"embedding", "has " + std::to_string(values.size()) + " values; the collection's have " +
                                   std::to_string(*dimension)};
}

std::optional<RowFault> fault_of(const char* field, std::string message) {
  if (message.empty()) return std::nullopt;
  return RowFault{field, std::move(message)};
}

std::optional<RowFault> text_fault(const char* field, const std::string* text) {
  return text == nullptr ? std::nullopt : fault_of(field, detail::text_fault(*text));
}

bool deletes_key(const UpdateMetadata& metadata) {
  return std::ranges::any_of(metadata, [](const auto& entry) { return entry.second.is_null(); });
}

}  // namespace

void RowCheck::start(std::optional<std::size_t> dimension, bool cloud) {
  dimension_ = dimension;
  cloud_ = cloud;
}

const std::optional<ChromaHttpClientError>& RowCheck::function_fault() {
  if (!function_fault_) function_fault_ = find_function_fault_();
  return *function_fault_;
}

std::optional<RowFault> RowCheck::missing_embedding(const Row& row) {
  if (operation_ == BulkOperation::Delete || row.embedding()) return std::nullopt;
  const bool updates = operation_ == BulkOperation::Update;
  if (updates && (row.embedded || row.document() == nullptr)) return std::nullopt;
  const auto& fault = function_fault();
  if (!fault) {
    if (row.document() != nullptr) return std::nullopt;
    return RowFault{"document", "is missing, and there is no embedding"};
  }
  if (!fault->is<MissingEmbeddingFunction>()) {
    return RowFault{"embedding",
                    std::string("is missing, and the embedding function cannot be used: ") + fault->what()};
  }
  if (updates) return std::nullopt;  // The stored embedding is kept.
  return RowFault{"embedding", "is missing, and the collection has no embedding function"};
}

std::optional<RowFault> RowCheck::content_fault(const Row& row) {
  if (auto wrong = text_fault("document", row.document())) return wrong;
  if (auto wrong = text_fault("uri", row.uri())) return wrong;
  if (const auto* metadata = row.metadata()) {
    if (auto wrong = fault_of("metadata", detail::metadata_fault(*metadata))) return wrong;
  }
  const auto embedding = row.embedding();
  return embedding ? embedding_fault(*embedding, dimension_) : std::nullopt;
}

std::optional<RowFault> RowCheck::fault(const Row& row) {
  if (operation_ == BulkOperation::Add && row.metadata() && deletes_key(*row.metadata())) {
    return RowFault{"metadata", "has a value nullptr, which an add cannot send"};
  }
  if (enabled_ && row.id().empty()) return RowFault{"id", "is empty"};
  if (auto missing = missing_embedding(row)) return missing;
  if (!enabled_) return std::nullopt;
  if (auto wrong = text_fault("id", &row.id())) return wrong;
  if (operation_ != BulkOperation::Delete) {
    if (auto wrong = content_fault(row)) return wrong;
  }
  return cloud_ ? quota_fault(row) : std::nullopt;
}

std::optional<ChromaHttpClientError> RowCheck::operator()(const Row& row) {
  const auto found = fault(row);
  if (!found) return std::nullopt;
  const auto position = std::to_string(row.given.front().position);
  return ChromaHttpClientError(
      ValidationError{"record at position " + position + ": " + found->message, found->field});
}

}  // namespace chroma::bulk
