#include "embed/bm25/tokenizer.hpp"

#include "core/utf8.hpp"

#include <algorithm>

namespace chroma::embed::bm25 {

Tokenizer::Tokenizer(const BM25Options& options)
    : max_length_(options.token_max_length), length_(options.token_length) {
  for (std::string word : options.stop_words) {
    lower_case(word);
    longest_stop_word_ = std::max(longest_stop_word_, word.size());
    stop_words_.insert(std::move(word));
  }
}

bool Tokenizer::is_left_out(std::string_view word) const {
  if (word.size() <= longest_stop_word_ && stop_words_.contains(word)) return true;
  if (word.size() <= max_length_) return false;
  return length_ == BM25Options::TokenLength::Bytes || core::code_points(word) > max_length_;
}

}  // namespace chroma::embed::bm25
