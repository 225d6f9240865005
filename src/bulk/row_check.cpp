#include "bulk/row_check.hpp"

#include "types/record_checks.hpp"

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

struct Fault {
  const char* field;
  std::string message;
};

std::optional<Fault> over(const char* field, const char* what, std::size_t size, std::size_t limit) {
  if (size <= limit) return std::nullopt;
  return Fault{field, std::string(what) + " of " + std::to_string(size) +
                          " is over Chroma Cloud's quota of " + std::to_string(limit)};
}

std::optional<Fault> metadata_fault(const UpdateMetadata& metadata) {
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

std::optional<Fault> quota_fault(const Row& row) {
  if (auto fault = over("id", "the size", row.id().size(), quota::id_bytes)) return fault;
  const auto embedding = row.embedding();
  const std::size_t dimension = embedding ? embedding->size() : 0;
  if (auto fault = over("embedding", "the dimension", dimension, quota::dimension)) return fault;
  const std::size_t document = row.document() ? row.document()->size() : 0;
  if (auto fault = over("document", "the size", document, quota::document_bytes)) return fault;
  const std::size_t uri = row.uri() ? row.uri()->size() : 0;
  if (auto fault = over("uri", "the size", uri, quota::uri_bytes)) return fault;
  return row.metadata() ? metadata_fault(*row.metadata()) : std::nullopt;
}

std::optional<Fault> embedding_fault(std::span<const float> values, std::optional<std::size_t>& dimension) {
  if (values.empty()) return Fault{"embedding", "is empty"};
  auto fault = detail::not_finite_fault(values);
  if (!fault.empty()) return Fault{"embedding", std::move(fault)};
  if (!dimension) dimension = values.size();
  if (values.size() == *dimension) return std::nullopt;
  return Fault{"embedding", "has " + std::to_string(values.size()) + " values; the collection's have " +
                                std::to_string(*dimension)};
}

bool deletes_key(const UpdateMetadata& metadata) {
  return std::ranges::any_of(metadata, [](const auto& entry) { return entry.second.is_null(); });
}

}  // namespace

void RowCheck::start(std::optional<std::size_t> dimension, bool cloud) {
  dimension_ = dimension;
  cloud_ = cloud;
}

std::optional<ChromaHttpClientError> RowCheck::operator()(const Row& row) {
  std::optional<Fault> fault;
  if (operation_ == BulkOperation::Add && row.metadata() && deletes_key(*row.metadata())) {
    fault = Fault{"metadata", "has a value nullptr, which an add cannot send"};
  } else if (enabled_) {
    if (row.id().empty()) fault = Fault{"id", "is empty"};
    const auto embedding = row.embedding();
    const bool creates = operation_ == BulkOperation::Add || operation_ == BulkOperation::Upsert;
    if (!fault && creates && !embedding) fault = Fault{"embedding", "is missing"};
    if (!fault && embedding && operation_ != BulkOperation::Delete) {
      fault = embedding_fault(*embedding, dimension_);
    }
    if (!fault && cloud_) fault = quota_fault(row);
  }
  if (!fault) return std::nullopt;
  const auto position = std::to_string(row.given.front().position);
  return ChromaHttpClientError(
      ValidationError{"record at position " + position + ": " + fault->message, fault->field});
}

}  // namespace chroma::bulk
