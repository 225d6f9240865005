#include "embed/onnx/word_piece.hpp"

#include "core/utf8.hpp"
#include "embed/onnx/normalizer.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace chroma::embed::onnx {
namespace {

constexpr std::size_t longest_word = 100;  // In code points.

/// Pieces that are not split where a text contains them.
constexpr std::array<std::string_view, 5> special_pieces = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

/// The first special piece of the text and what stands before it; the piece is empty if there is none.
struct Split {
  std::string_view before;
  std::string_view special;
};

Split split_at_special(std::string_view text) {
  for (auto at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    for (const auto special : special_pieces) {
      if (text.substr(at).starts_with(special)) return {text.substr(0, at), special};
    }
  }
  return {text, {}};
}

}  // namespace

TokenIds WordPieceTokenizer::encode(std::string_view text, std::size_t limit) const {
  TokenIds ids = {vocabulary_.begin_of_text()};
  Normalizer normalizer([&](const std::string& word) {
    append_word(word, ids);
    return ids.size() < limit - 1;
  });
  while (!text.empty()) {
    const auto [before, special] = split_at_special(text);
    if (!normalizer.normalize(before)) break;
    if (!special.empty()) ids.push_back(vocabulary_.find(special, true).value_or(vocabulary_.unknown()));
    text.remove_prefix(before.size() + special.size());
  }
  ids.resize(std::min(ids.size(), limit - 1));
  ids.push_back(vocabulary_.end_of_text());
  return ids;
}

// The longest piece that the vocabulary has, then the longest of what is left, and so on; one unknown piece
// if the word cannot be put together so.
void WordPieceTokenizer::append_word(std::string_view word, TokenIds& ids) const {
  const std::size_t before = ids.size();
  bool is_known = core::code_points(word) <= longest_word;
  for (std::size_t begin = 0; is_known && begin < word.size();) {
    auto length = std::min(word.size() - begin, vocabulary_.longest());
    std::optional<std::int32_t> id;
    for (; length > 0; --length) {
      if (begin + length < word.size() && core::is_utf8_continuation(word[begin + length])) continue;
      id = vocabulary_.find(word.substr(begin, length), begin == 0);
      if (id) break;
    }
    is_known = id.has_value();
    if (id) ids.push_back(*id);
    begin += length;
  }
  if (is_known) return;
  ids.resize(before);
  ids.push_back(vocabulary_.unknown());
}

}  // namespace chroma::embed::onnx
