#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/embeddings.hpp>

#include <cstddef>

namespace chroma {

/// Reads a matrix into one flat vector, without a vector for each row. A row is an array of numbers or a
/// string of base64; null is a missing row.
/// @param rows the expected number of rows, 0 if it is unknown; only used for reserving memory
[[nodiscard]] Embeddings read_embeddings(json::Reader& in, std::size_t rows);

/// Writes an array of rows.
/// @param base64 whether rows are written as base64 of their bytes or as numbers; a missing row is always
/// null
void write_embeddings(json::Writer& out, const Embeddings& embeddings, bool base64);

/// The size of the text that `write_embeddings` writes: exact for base64, estimated for numbers.
[[nodiscard]] std::size_t written_size(const Embeddings& embeddings, bool base64);

inline void read(json::Reader& in, Embeddings& embeddings) {
  embeddings = read_embeddings(in, 0);
}
inline void write(json::Writer& out, const Embeddings& embeddings) {
  write_embeddings(out, embeddings, false);
}

}  // namespace chroma
