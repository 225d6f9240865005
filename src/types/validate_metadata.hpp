#pragma once

#include <chroma/metadata.hpp>
#include <chroma/sparse_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Checks of values before they are sent. Each `..._fault` returns an empty text if the value is valid, and
/// otherwise an error message to be written after the name of the value, such as "is NaN".
namespace chroma::detail {

/// The text must be valid UTF-8.
[[nodiscard]] std::string text_fault(std::string_view text);
/// Numbers must be finite and texts valid UTF-8. For an array the message names the index of the element.
[[nodiscard]] std::string value_fault(const MetadataValue& value);
/// The value must fit into 32 bits.
[[nodiscard]] std::string u32_fault(std::uint64_t value);
/// Indices, values and tokens must have the same length. The message is that of the Rust crate.
[[nodiscard]] std::string sparse_vector_length_fault(const SparseVector& vector);
/// As `sparse_vector_length_fault`; in addition, indices must be strictly ascending, values finite and tokens
/// valid UTF-8.
[[nodiscard]] std::string sparse_vector_fault(const SparseVector& vector);

/// Keys must not be empty nor begin with '#' or '$', and values must be valid. The message names the key.
[[nodiscard]] std::string metadata_fault(const UpdateMetadata& metadata);

/// Keys must not be empty nor begin with '#' or '$', and values must be valid.
/// @throws ChromaHttpClientError of kind ValidationError with field "metadatas" that names row and key
void validate_metadata(const Metadata& metadata, std::size_t row);
void validate_metadata(const UpdateMetadata& metadata, std::size_t row);

/// Checks the metadata of each row. @throws ChromaHttpClientError of kind ValidationError with field
/// "metadatas"
template <class Map>
void validate_metadatas(const std::vector<std::optional<Map>>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]) validate_metadata(*rows[i], i);
  }
}

/// Checks the metadata of a collection. @throws ChromaHttpClientError of kind ValidationError
void validate_collection_metadata(const Metadata& metadata, std::string_view field = "metadata");

}  // namespace chroma::detail
