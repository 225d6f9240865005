#pragma once

/// @file
/// BM25 sparse vectors, computed in the process. Component `chroma::bm25`.

#include <chroma/embedding_function.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::embed {

/// Settings of `BM25SparseEmbeddingFunction`. The defaults are those of `default_murmur3_abs()`.
struct CHROMA_API BM25Options {
  /// What `token_max_length` counts.
  enum class TokenLength : std::uint8_t {
    Bytes,       ///< Bytes of UTF-8, as the Rust client.
    Characters,  ///< Code points, as the Python client.
  };

  BM25Options();

  float k = 1.2F;              ///< How fast repetitions of a token saturate; finite, at least 0.
  float b = 0.75F;             ///< How far a text's length counts, from 0 to 1.
  float avg_len = 256.0F;      ///< Average length of the texts in tokens; finite, more than 0.
  bool include_tokens = true;  ///< The vectors carry the token behind each index.
  /// Tokens that are left out, compared after both are lower-cased. The default is the list of 179 English
  /// words that all Chroma clients have.
  std::vector<std::string> stop_words;
  std::size_t token_max_length = 40;              ///< Longer tokens are left out; at least 1.
  TokenLength token_length = TokenLength::Bytes;  ///< What `token_max_length` counts.
};

/// BM25 term weights without inverse document frequencies, as all Chroma clients compute them: letters and
/// digits of any script and underscores make tokens, which are lower-cased, freed of stop words and over-long
/// tokens, and stemmed by the English Snowball algorithm. A token's index is the absolute value of its
/// MurmurHash3 (x86, 32 bits, seed 0); its value is `tf * (k + 1) / (tf + k * (1 - b + b * length /
/// avg_len))` in f32. Documents and queries are encoded alike.
///
/// Where a collection keeps the function, Python and JavaScript clients read the same configuration. They
/// count `token_max_length` in characters, and so does a function that is built from a configuration.
///
/// Thread safety: distinct objects may be used from any thread, a const object from many at once. Copies are
/// cheap.
class CHROMA_API BM25SparseEmbeddingFunction final : public SparseEmbeddingFunction {
 public:
  /// @throws ChromaHttpClientOptionsError of kind MissingConfiguration if a number is out of its range
  explicit BM25SparseEmbeddingFunction(BM25Options options = BM25Options());

  /// k 1.2, b 0.75, average length 256, English stop words, tokens of at most 40 bytes, which the vectors
  /// carry.
  [[nodiscard]] static BM25SparseEmbeddingFunction default_murmur3_abs();

  /// The vector of one text: indices ascend strictly; empty if no token is left. Where two tokens have one
  /// index, the vector carries the token that is smaller byte by byte. Bytes that are not UTF-8 separate
  /// tokens.
  [[nodiscard]] SparseVector encode(std::string_view text) const;

  /// The tokens of a text in their order, repetitions included, as `encode` counts them.
  [[nodiscard]] std::vector<std::string> tokenize(std::string_view text) const;

  /// The vectors of the texts, in order. The work is done on the executor of the caller, in portions of some
  /// 16 KiB of text (about a millisecond), between which other handlers run and a cancellation takes effect.
  [[nodiscard]] boost::asio::awaitable<std::vector<SparseVector>> embed_strs(
      std::vector<std::string> texts) const override;

  /// Name `chroma_bm25`. `token_length` is not part of it.
  [[nodiscard]] std::optional<EmbeddingFunctionConfiguration> configuration() const override;

  /// What the function was made with.
  [[nodiscard]] const BM25Options& options() const noexcept;

 private:
  struct Encoder;
  static boost::asio::awaitable<std::vector<SparseVector>> embed(std::shared_ptr<const Encoder> encoder,
                                                                 std::vector<std::string> texts);

  std::shared_ptr<const Encoder> encoder_;
};

/// Lets the registry build `chroma_bm25` from a configuration. Members that a configuration lacks have the
/// Python client's defaults: as `BM25Options`, but with `include_tokens` off and `token_max_length` in
/// characters.
CHROMA_API Registry& add_bm25(Registry& registry);

}  // namespace chroma::embed
