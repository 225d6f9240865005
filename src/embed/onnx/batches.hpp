#pragma once

#include "embed/onnx/inference.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace chroma::embed::onnx {

/// The indices of texts that are computed together.
using Batch = std::vector<std::size_t>;

/// Groups texts of similar length, the longest first. Each batch has at most `most_texts` texts and, padded
/// to its longest text, at most `most_tokens` tokens, but at least one text.
[[nodiscard]] std::vector<Batch> make_batches(std::span<const TokenIds> texts, std::size_t most_texts,
                                              std::size_t most_tokens);

}  // namespace chroma::embed::onnx
