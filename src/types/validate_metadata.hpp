#pragma once

#include <chroma/metadata.hpp>
#include <chroma/sparse_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Checks of values before they are sent. Each `..._fault` returns an error message that follows the name of
/// the value ("is NaN"), or an empty text if the value is valid.
namespace chroma::detail {

/// Not valid UTF-8.
[[nodiscard]] std::string text_fault(std::string_view text);
/// NaN, an infinity or a text that is not valid UTF-8; in arrays with its index.
[[nodiscard]] std::string value_fault(const MetadataValue& value);
/// More than 32 bits.
[[nodiscard]] std::string u32_fault(std::uint64_t value);
/// Different lengths, with the message of the crate.
[[nodiscard]] std::string sparse_vector_length_fault(const SparseVector& vector);
/// The same, and indices that are not strictly ascending, values that are not finite, tokens that are not
/// valid UTF-8.
[[nodiscard]] std::string sparse_vector_fault(const SparseVector& vector);

/// Keys that are empty or begin with '#' or '$', and values at fault.
/// @throws ChromaHttpClientError of kind ValidationError with field "metadatas" that names row and key
void validate_metadata(const Metadata& metadata, std::size_t row);
void validate_metadata(const UpdateMetadata& metadata, std::size_t row);

/// Each row's metadata. @throws ChromaHttpClientError of kind ValidationError with field "metadatas"
template <class Map>
void validate_metadatas(const std::vector<std::optional<Map>>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]) validate_metadata(*rows[i], i);
  }
}

/// A collection's own metadata. @throws ChromaHttpClientError of kind ValidationError
void validate_collection_metadata(const Metadata& metadata, std::string_view field = "metadata");

}  // namespace chroma::detail
