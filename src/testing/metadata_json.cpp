#include "testing/metadata_json.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace chroma::testing {
namespace {

bool is_int64(const Json& value) {
  return value.is_number_integer() &&
         !(value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX});
}

/// The database of the server does not store the sign of zero.
double unsigned_zero(double number) {
  return number == 0.0 ? 0.0 : number;
}

template <class Predicate>
bool all_of(const Json& array, Predicate predicate) {
  return std::all_of(array.begin(), array.end(), predicate);
}

/// Converts an array whose elements have one type; returns nothing for any other array.
std::optional<MetadataValue> array_value(const Json& array) {
  if (all_of(array, [](const Json& item) { return item.is_boolean(); })) {
    return MetadataValue(array.get<std::vector<bool>>());
  }
  if (all_of(array, is_int64)) return MetadataValue(array.get<std::vector<std::int64_t>>());
  if (all_of(array, [](const Json& item) { return item.is_number(); })) {
    auto numbers = array.get<std::vector<double>>();
    std::transform(numbers.begin(), numbers.end(), numbers.begin(), unsigned_zero);
    return MetadataValue(std::move(numbers));
  }
  if (all_of(array, [](const Json& item) { return item.is_string(); })) {
    return MetadataValue(array.get<std::vector<std::string>>());
  }
  return std::nullopt;
}

std::optional<MetadataValue> sparse_value(const Json& object) {
  try {
    auto vector = SparseVector(object.at("indices").get<std::vector<std::uint32_t>>(),
                               object.at("values").get<std::vector<float>>());
    return MetadataValue(std::move(vector));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<MetadataValue> read_value(const Json& value) {
  if (value.is_boolean()) return MetadataValue(value.get<bool>());
  if (is_int64(value)) return MetadataValue(value.get<std::int64_t>());
  if (value.is_number()) return MetadataValue(unsigned_zero(value.get<double>()));
  if (value.is_string()) return MetadataValue(value.get<std::string>());
  if (value.is_array()) return array_value(value);
  if (value.is_object()) return sparse_value(value);
  return std::nullopt;
}

/// An empty array of any type is read as one of bool.
bool is_empty_array(const MetadataValue& value) {
  const auto* flags = value.get_if<std::vector<bool>>();
  return flags != nullptr && flags->empty();
}

}  // namespace

UpdateMetadata read_metadata(const Json& value, const std::string& path, bool nulls) {
  UpdateMetadata metadata;
  for (const auto& [key, item] : read_object(value, path).items()) {
    if (nulls && item.is_null()) {
      metadata.emplace(key, nullptr);
      continue;
    }
    auto read = read_value(item);
    if (!read) refuse_variant(path + "." + key, nulls ? "UpdateMetadataValue" : "MetadataValue");
    metadata.emplace(key, std::move(*read));
  }
  return metadata;
}

std::string key_fault(const UpdateMetadata& metadata) {
  for (const auto& [key, value] : metadata) {
    if (key.empty()) return "Metadata key cannot be empty";
    if (key.front() == '#' || key.front() == '$') return "Metadata key cannot start with '#' or '$': " + key;
  }
  return {};
}

void merge(Metadata& metadata, const UpdateMetadata& change) {
  for (const auto& [key, value] : change) {
    if (value.is_null() || is_empty_array(*value.value())) {
      metadata.erase(key);
    } else {
      metadata.insert_or_assign(key, *value.value());
    }
  }
}

Json metadata_json(const Metadata& metadata) {
  auto object = Json::object();
  for (const auto& [key, value] : metadata) {
    std::visit(
        [&, name = key]<class T>(const T& held) {
          if constexpr (!std::is_same_v<T, SparseVector>) object[name] = held;
        },
        value.variant());
  }
  return object;
}

}  // namespace chroma::testing
