#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chroma::embed::onnx {

/// The pieces of words in the vocabulary of a BERT model, with their ids.
class Vocabulary {
 public:
  /// @param pieces a piece that does not begin a word has "##" in front
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError if [CLS], [SEP] or [UNK] is missing
  explicit Vocabulary(const std::vector<std::pair<std::string, std::int32_t>>& pieces);

  /// Reads `vocab.txt` (a piece a line; the first has the id 0) or `tokenizer.json` of the library
  /// tokenizers.
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError that names the file
  [[nodiscard]] static Vocabulary read(const std::filesystem::path& file);

  /// The id of a piece at the beginning of a word, or of a later piece of a word.
  [[nodiscard]] std::optional<std::int32_t> find(std::string_view piece, bool begins_word) const;
  /// Bytes of the longest piece.
  [[nodiscard]] std::size_t longest() const noexcept { return longest_; }

  [[nodiscard]] std::int32_t begin_of_text() const noexcept { return begin_of_text_; }
  [[nodiscard]] std::int32_t end_of_text() const noexcept { return end_of_text_; }
  [[nodiscard]] std::int32_t unknown() const noexcept { return unknown_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Ids = std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>>;

  [[nodiscard]] std::int32_t require(std::string_view piece) const;

  Ids first_;
  Ids later_;
  std::size_t longest_ = 0;
  std::int32_t begin_of_text_;
  std::int32_t end_of_text_;
  std::int32_t unknown_;
};

}  // namespace chroma::embed::onnx
