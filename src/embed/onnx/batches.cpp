#include "embed/onnx/batches.hpp"

#include <algorithm>
#include <numeric>

namespace chroma::embed::onnx {

std::vector<Batch> make_batches(std::span<const TokenIds> texts, std::size_t most_texts,
                                std::size_t most_tokens) {
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return texts[a].size() > texts[b].size(); });
  std::vector<Batch> batches;
  std::size_t length = 0;  // Of the batch at hand: that of its first text.
  for (const auto place : order) {
    const bool is_full = batches.empty() || batches.back().size() == most_texts ||
                         (batches.back().size() + 1) * length > most_tokens;
    if (is_full) {
      batches.emplace_back();
      length = texts[place].size();
    }
    batches.back().push_back(place);
  }
  return batches;
}

}  // namespace chroma::embed::onnx
