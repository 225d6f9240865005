#pragma once

#include "core/buffer.hpp"
#include "json/any_json.hpp"

#include <string_view>

/// The bodies of requests and responses as JSON. The layer consists of descriptions (json/fields.hpp),
/// grouped by what they describe; these two functions are instantiated there, by the macros of
/// instantiate.hpp, for every type that is a body of its own.
namespace chroma::codec {

using json::AnyJson;

/// The value of a whole text. Time and memory grow in proportion to the text's length: see json::decode.
/// @throws ChromaHttpClientError of kind SerdeError
template <class T>
[[nodiscard]] T decode(std::string_view text);

/// A body may have a function `expected_size()`: as much memory is reserved at once.
template <class T>
[[nodiscard]] core::Buffer encode(const T& value);

}  // namespace chroma::codec
