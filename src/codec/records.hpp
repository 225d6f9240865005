#pragma once

#include "codec/codec.hpp"

#include <chroma/requests.hpp>

#include <cstddef>

namespace chroma::codec {

/// The body of an add, update or upsert. It is written into one buffer of the expected size. Embeddings are
/// written as base64 or as numbers; the matrix is not copied.
template <class Request>
struct RecordsBody {
  Request request;
  bool base64 = false;

  [[nodiscard]] std::size_t expected_size() const;
};

}  // namespace chroma::codec
