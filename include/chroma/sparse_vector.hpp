#pragma once

/// @file
/// `SparseVector`: the non-zero places of a vector.

#include <chroma/export.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace chroma {

/// The non-zero places of a vector: indices with their values, and optionally the token behind each. It is a
/// metadata value and a query of `Knn`. Chroma wants the indices strictly ascending, see `validate` and
/// `sorted`. Distinct objects may be used from any thread; a const object from many at once.
class CHROMA_API SparseVector {
 public:
  /// No places, which is valid.
  SparseVector() = default;
  /// @throws ChromaHttpClientError of kind ValidationError if the lengths differ
  SparseVector(std::vector<std::uint32_t> indices, std::vector<float> values);
  /// @throws ChromaHttpClientError of kind ValidationError if the lengths differ
  SparseVector(std::vector<std::uint32_t> indices, std::vector<float> values,
               std::vector<std::string> tokens);

  /// From (index, value), in the order given.
  [[nodiscard]] static SparseVector from_pairs(const std::vector<std::pair<std::uint32_t, float>>& pairs);
  /// From (token, index, value), in the order given.
  [[nodiscard]] static SparseVector from_triples(
      std::vector<std::tuple<std::string, std::uint32_t, float>> triples);
  /// As given, lengths and all: for answers, which are handed on as they came. `validate` finds the faults.
  [[nodiscard]] static SparseVector unchecked(std::vector<std::uint32_t> indices, std::vector<float> values,
                                              std::optional<std::vector<std::string>> tokens = std::nullopt);

  [[nodiscard]] const std::vector<std::uint32_t>& indices() const noexcept { return indices_; }
  [[nodiscard]] const std::vector<float>& values() const noexcept { return values_; }
  /// The token behind each place; unset if there are none.
  [[nodiscard]] const std::optional<std::vector<std::string>>& tokens() const noexcept { return tokens_; }
  /// How many places.
  [[nodiscard]] std::size_t size() const noexcept { return indices_.size(); }
  [[nodiscard]] bool empty() const noexcept { return indices_.empty(); }

  /// The same places by rising index; equal indices stay in their order (and stay invalid).
  /// @throws ChromaHttpClientError of kind ValidationError if the lengths differ
  [[nodiscard]] SparseVector sorted() const;

  /// Every operation that sends a sparse vector calls this first.
  /// @throws ChromaHttpClientError of kind ValidationError if the lengths differ, if the indices are not
  /// strictly ascending, if a value is NaN or infinite, or if a token is not valid UTF-8
  void validate() const;

  /// Indices, values and tokens are equal.
  friend bool operator==(const SparseVector&, const SparseVector&) = default;
  /// Short: the first places and how many there are.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const SparseVector& vector);

 private:
  std::vector<std::uint32_t> indices_;
  std::vector<float> values_;
  std::optional<std::vector<std::string>> tokens_;
};

}  // namespace chroma
