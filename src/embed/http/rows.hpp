#pragma once

#include "json/reader.hpp"

#include <chroma/embeddings.hpp>

#include <vector>

namespace chroma::embed {

/// Reads one embedding: an array of numbers, or base64 of little-endian 32-bit floats. A null in the array,
/// which servers written in C++ or Rust send in place of NaN, is read as NaN, so that the check of the result
/// names the text.
[[nodiscard]] std::vector<float> read_row(json::Reader& in);

/// Reads an array of embeddings.
[[nodiscard]] Embeddings read_rows(json::Reader& in);

}  // namespace chroma::embed
