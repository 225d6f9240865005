#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace chroma::testing {

/// The floats of an embedding in base64: the standard alphabet with padding, little-endian f32.
/// @param index the embedding's place, named in errors
/// @throws Failure with status 400, with the message of the server
[[nodiscard]] std::vector<float> floats_of_base64(const std::string& text, std::size_t index);

}  // namespace chroma::testing
