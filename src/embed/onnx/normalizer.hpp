#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace chroma::embed::onnx {

/// Splits a text into words as BERT's uncased models do: control characters are dropped, accents are removed,
/// letters are lower-cased one by one, Chinese characters and punctuation characters are words of their own.
/// Characters that were added after Unicode 8 count as letters, because the tables of the reference
/// implementation do not contain them.
/// Bytes that are not UTF-8 are dropped.
class Normalizer {
 public:
  /// @param use is called with each word, in UTF-8 and valid during the call; it returns false to end
  explicit Normalizer(std::function<bool(const std::string&)> use) : use_(std::move(use)) {}

  /// False if `use` ended it.
  bool normalize(std::string_view text);

 private:
  bool flush();
  bool use_words_of_chunk();
  bool use_word();
  void decompose();

  std::function<bool(const std::string&)> use_;
  std::u16string chunk_;  ///< What stands between white space.
  bool chunk_is_ascii_ = true;
  std::u16string decomposed_;
  std::string word_;
};

}  // namespace chroma::embed::onnx
