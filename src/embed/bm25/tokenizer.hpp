#pragma once

#include "embed/bm25/stemmer.hpp"
#include "embed/bm25/words.hpp"

#include <chroma/embed/bm25.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace chroma::embed::bm25 {

/// The tokens of a text: its words without stop words and over-long ones, stemmed.
class Tokenizer {
 public:
  explicit Tokenizer(const BM25Options& options);

  /// The state for tokenizing one text, which is reused for the next one.
  struct Workspace {
    Stemmer stemmer;
    std::string word;
  };

  /// Calls `use` with each token, in order; it is valid during the call.
  template <class Use>
  void tokenize(std::string_view text, Workspace& workspace, Use use) const {
    Words words(text);
    while (words.next(workspace.word)) {
      if (is_left_out(workspace.word)) continue;
      const auto token = workspace.stemmer.stem(workspace.word);
      if (!token.empty()) use(token);
    }
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  [[nodiscard]] bool is_left_out(std::string_view word) const;

  std::unordered_set<std::string, Hash, std::equal_to<>> stop_words_;
  std::size_t longest_stop_word_ = 0;
  std::size_t max_length_;
  BM25Options::TokenLength length_;
};

}  // namespace chroma::embed::bm25
