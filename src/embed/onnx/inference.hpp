#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace chroma::embed::onnx {

/// The tokens of one text as ids of the vocabulary, including the ids that mark its begin and end.
using TokenIds = std::vector<std::int32_t>;

/// The vectors of a batch, stored one after another.
struct Vectors {
  std::vector<float> values;
  std::size_t dimension = 0;
};

/// Computes the vectors of texts from their tokens. One thread at a time.
class Inference {
 public:
  virtual ~Inference() = default;

  /// Returns one vector for each text. May throw any exception, in particular when `stop` is requested.
  [[nodiscard]] virtual Vectors run(std::span<const TokenIds* const> texts, std::stop_token stop) = 0;
};

}  // namespace chroma::embed::onnx
