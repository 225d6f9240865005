#pragma once

#include "json/reader.hpp"

#include <chroma/embeddings.hpp>

#include <cstddef>

namespace chroma {

/// Reads a matrix into one flat vector, without a vector for each row.
/// @param rows how many rows are expected, 0 if that is not known: only a hint for the memory to set aside
[[nodiscard]] Embeddings read_embeddings(json::Reader& in, std::size_t rows);

}  // namespace chroma
