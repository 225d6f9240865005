#include "types/validate_metadata.hpp"

#include "core/utf8.hpp"

#include <chroma/error.hpp>

#include <cmath>
#include <utility>

namespace chroma::detail {
namespace {

std::string number_fault(double value) {
  if (std::isfinite(value)) return {};
  if (std::isnan(value)) return "is NaN";
  return value < 0 ? "is -infinity" : "is infinity";
}

// The error message for the first invalid element; `fault` checks one element.
template <class T, class Fault>
std::string array_fault(const std::vector<T>& values, Fault fault) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string reason = fault(values[i]);
    if (!reason.empty()) return "has an element at index " + std::to_string(i) + " that " + reason;
  }
  return {};
}

std::string sparse_content_fault(const SparseVector& vector) {
  std::string reason = array_fault(vector.values(), [](float value) { return number_fault(value); });
  if (reason.empty() && vector.tokens()) {
    reason = array_fault(*vector.tokens(), [](const std::string& token) { return text_fault(token); });
  }
  return reason;
}

struct ValueFault {
  std::string operator()(bool) const { return {}; }
  std::string operator()(std::int64_t) const { return {}; }
  std::string operator()(double value) const { return number_fault(value); }
  std::string operator()(const std::string& value) const { return text_fault(value); }
  std::string operator()(const SparseVector& value) const { return sparse_content_fault(value); }
  std::string operator()(const std::vector<bool>&) const { return {}; }
  std::string operator()(const std::vector<std::int64_t>&) const { return {}; }
  std::string operator()(const std::vector<double>& values) const {
    return array_fault(values, number_fault);
  }
  std::string operator()(const std::vector<std::string>& values) const {
    return array_fault(values, [](const std::string& value) { return text_fault(value); });
  }
};

std::string key_fault(std::string_view key) {
  if (key.empty()) return "a key is empty";
  if (std::string fault = text_fault(key); !fault.empty()) return "a key " + fault;
  if (key.front() == '#' || key.front() == '$') {
    return "key '" + std::string(key) + "' begins with '#' or '$', which are reserved";
  }
  return {};
}

// The error message for a value that is to be stored, where sparse vectors must be valid.
std::string stored_fault(const MetadataValue& value) {
  if (const auto* sparse = value.get_if<SparseVector>()) return sparse_vector_fault(*sparse);
  return value_fault(value);
}

std::string stored_fault(const UpdateMetadataValue& value) {
  return value.value() ? stored_fault(*value.value()) : std::string();
}

std::string fault_of_key(const std::string& key, const std::string& fault) {
  if (fault.starts_with("Sparse")) return "key '" + key + "': " + fault;
  return "the value of key '" + key + "' " + fault;
}

template <class Map>
std::string map_fault(const Map& map) {
  for (const auto& [key, value] : map) {
    if (std::string fault = key_fault(key); !fault.empty()) return fault;
    if (const std::string fault = stored_fault(value); !fault.empty()) return fault_of_key(key, fault);
  }
  return {};
}

template <class Map>
void validate_row(const Map& metadata, std::size_t row) {
  std::string fault = map_fault(metadata);
  if (fault.empty()) return;
  throw ChromaHttpClientError(
      ValidationError{"Invalid metadata at index " + std::to_string(row) + ": " + fault, "metadatas"});
}

}  // namespace

std::string text_fault(std::string_view text) {
  return core::is_valid_utf8(text) ? std::string() : "is not valid UTF-8";
}

std::string value_fault(const MetadataValue& value) {
  return std::visit(ValueFault(), value.variant());
}

std::string u32_fault(std::uint64_t value) {
  if (std::in_range<std::uint32_t>(value)) return {};
  std::string fault = "must be at most 4294967295, not " + std::to_string(value);
  // The caller probably converted a negative number to the unsigned type.
  if (!std::in_range<std::int64_t>(value)) {
    fault += " (or " + std::to_string(static_cast<std::int64_t>(value)) + ")";
  }
  return fault;
}

std::string sparse_vector_length_fault(const SparseVector& vector) {
  bool equal = vector.indices().size() == vector.values().size() &&
               (!vector.tokens() || vector.tokens()->size() == vector.indices().size());
  return equal ? std::string()
               : "Sparse vector indices, values, and tokens (when present) must have the same length";
}

std::string sparse_vector_fault(const SparseVector& vector) {
  if (std::string fault = sparse_vector_length_fault(vector); !fault.empty()) return fault;
  for (std::size_t i = 1; i < vector.size(); ++i) {
    if (vector.indices()[i - 1] >= vector.indices()[i]) {
      return "Sparse vector indices must be sorted in strictly ascending order (no duplicates): " +
             std::to_string(vector.indices()[i]) + " follows " + std::to_string(vector.indices()[i - 1]);
    }
  }
  std::string fault = sparse_content_fault(vector);
  return fault.empty() ? fault : "Sparse vector " + fault;
}

std::string metadata_fault(const UpdateMetadata& metadata) {
  return map_fault(metadata);
}

void validate_metadata(const Metadata& metadata, std::size_t row) {
  validate_row(metadata, row);
}

void validate_metadata(const UpdateMetadata& metadata, std::size_t row) {
  validate_row(metadata, row);
}

void validate_collection_metadata(const Metadata& metadata, std::string_view field) {
  std::string fault = map_fault(metadata);
  if (fault.empty()) return;
  throw ChromaHttpClientError(ValidationError{"Invalid metadata: " + fault, std::string(field)});
}

}  // namespace chroma::detail
