#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chroma::embed::bm25 {

/// Splits a text into its lower-case words: runs of alphabetic code points, numbers (Nd, Nl, No) and
/// underscores. Everything else separates words, bytes that are not UTF-8 included.
class Words {
 public:
  /// `text` must outlive the object.
  explicit Words(std::string_view text) noexcept : text_(text) {}

  /// Puts the next word into `word`; false if there is none.
  [[nodiscard]] bool next(std::string& word);

 private:
  [[nodiscard]] bool take_code_point();

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Puts the full lower-case mapping of `text` (root locale, final sigma by its context) in its place.
void lower_case(std::string& text);

}  // namespace chroma::embed::bm25
