#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace chroma::embed::onnx {

/// The tokens of one text as places in the vocabulary, the marks of its begin and end included.
using TokenIds = std::vector<std::int32_t>;

/// The vectors of a batch, one behind the other.
struct Vectors {
  std::vector<float> values;
  std::size_t dimension = 0;
};

/// Turns texts as tokens into vectors. One thread at a time.
class Inference {
 public:
  virtual ~Inference() = default;

  /// One vector for each text. May throw whatever it likes, in particular when `stop` is requested.
  [[nodiscard]] virtual Vectors run(std::span<const TokenIds* const> texts, std::stop_token stop) = 0;
};

}  // namespace chroma::embed::onnx
