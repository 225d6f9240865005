#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/embeddings.hpp>

#include <cstddef>

namespace chroma {

/// Reads a matrix into one flat vector, without a vector for each row. A row is an array of numbers or a
/// string of base64; null is a missing row.
/// @param rows how many rows are expected, 0 if that is not known: only a hint for the memory to reserve
[[nodiscard]] Embeddings read_embeddings(json::Reader& in, std::size_t rows);

/// @param base64 writes rows as base64 of their bytes instead of numbers; a missing row is null either way
void write_embeddings(json::Writer& out, const Embeddings& embeddings, bool base64);

/// The size of what `write_embeddings` writes, exact for base64 and estimated for numbers.
[[nodiscard]] std::size_t written_size(const Embeddings& embeddings, bool base64);

inline void read(json::Reader& in, Embeddings& embeddings) {
  embeddings = read_embeddings(in, 0);
}
inline void write(json::Writer& out, const Embeddings& embeddings) {
  write_embeddings(out, embeddings, false);
}

}  // namespace chroma
