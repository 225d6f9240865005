#pragma once

/// @file
/// `SparseVector`: a vector of which most components are zero.

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

namespace detail {
/// How a class is read from and written as JSON. Internal.
template <class T>
struct Description;
}  // namespace detail

/// A sparse vector: the indices of the components that are not zero, their values, and optionally the tokens
/// that the components stand for. It can be a metadata value and the query of a `Knn`. Chroma requires
/// strictly ascending indices, see `validate` and `sorted`.
///
/// Distinct objects may be used from different threads at the same time, a const object from several.
class CHROMA_API SparseVector {
 public:
  /// A vector whose components are all zero, which is valid.
  SparseVector() = default;
  /// @throws ChromaHttpClientError of kind ValidationError if the lengths differ
  SparseVector(std::vector<std::uint32_t> indices, std::vector<float> values);
  /// @throws ChromaHttpClientError of kind ValidationError if the lengths differ
  SparseVector(std::vector<std::uint32_t> indices, std::vector<float> values,
               std::vector<std::string> tokens);

  /// Makes a vector from pairs of index and value, in their order.
  [[nodiscard]] static SparseVector from_pairs(const std::vector<std::pair<std::uint32_t, float>>& pairs);
  /// Makes a vector from triples of token, index and value, in their order.
  [[nodiscard]] static SparseVector from_triples(
      std::vector<std::tuple<std::string, std::uint32_t, float>> triples);
  /// Makes a vector without a check of the lengths, as responses are read. `validate` checks them.
  [[nodiscard]] static SparseVector unchecked(std::vector<std::uint32_t> indices, std::vector<float> values,
                                              std::optional<std::vector<std::string>> tokens = std::nullopt);

  [[nodiscard]] const std::vector<std::uint32_t>& indices() const noexcept { return indices_; }
  [[nodiscard]] const std::vector<float>& values() const noexcept { return values_; }
  /// The token of each index; unset if the vector has no tokens.
  [[nodiscard]] const std::optional<std::vector<std::string>>& tokens() const noexcept { return tokens_; }
  /// The number of indices.
  [[nodiscard]] std::size_t size() const noexcept { return indices_.size(); }
  [[nodiscard]] bool empty() const noexcept { return indices_.empty(); }

  /// A copy with ascending indices. Duplicate indices keep their order and are still not valid.
  /// @throws ChromaHttpClientError of kind ValidationError if the lengths differ
  [[nodiscard]] SparseVector sorted() const;

  /// The checks that every operation makes before it sends a sparse vector.
  /// @throws ChromaHttpClientError of kind ValidationError if the lengths differ, if the indices are not
  /// strictly ascending, if a value is NaN or infinite, or if a token is not valid UTF-8
  void validate() const;

  /// True if indices, values and tokens are equal.
  friend bool operator==(const SparseVector&, const SparseVector&) = default;
  /// Writes the first indices with their values, and the number of indices.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const SparseVector& vector);

 private:
  template <class>
  friend struct detail::Description;

  std::vector<std::uint32_t> indices_;
  std::vector<float> values_;
  std::optional<std::vector<std::string>> tokens_;
};

}  // namespace chroma
