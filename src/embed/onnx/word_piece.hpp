#pragma once

#include "embed/onnx/inference.hpp"
#include "embed/onnx/vocabulary.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace chroma::embed::onnx {

/// The tokenizer of BERT's uncased models. Any thread may call a const object.
class WordPieceTokenizer {
 public:
  explicit WordPieceTokenizer(Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {}

  /// [CLS], the pieces of the text's words, [SEP]; pieces beyond `limit` ids in all are cut.
  /// @pre `limit` is at least 2
  [[nodiscard]] TokenIds encode(std::string_view text, std::size_t limit) const;

 private:
  void append_word(std::string_view word, TokenIds& ids) const;

  Vocabulary vocabulary_;
};

}  // namespace chroma::embed::onnx
