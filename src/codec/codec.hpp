#pragma once

#include "core/buffer.hpp"
#include "json/any_json.hpp"

#include <string_view>

/// The bodies of requests and responses as JSON. The layer consists of descriptions (json/fields.hpp),
/// grouped by topic. Where a type is described, the macros of instantiate.hpp instantiate these two functions
/// for it if it is the body of a request or response.
namespace chroma::codec {

using json::AnyJson;

/// Converts a whole text to a value. Time and memory are linear in the length of the text: see json::decode.
/// @throws ChromaHttpClientError of kind SerdeError
template <class T>
[[nodiscard]] T decode(std::string_view text);

/// Converts a value to JSON. If the type has a member function `expected_size()`, memory for so many bytes is
/// reserved first.
template <class T>
[[nodiscard]] core::Buffer encode(const T& value);

}  // namespace chroma::codec
