#pragma once

/// @file
/// `Embeddings`: a matrix of f32, one row a record.

#include <chroma/export.hpp>

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace chroma {

namespace detail {

/// One row of a braced list of embeddings: a braced list of floats, a vector, or `std::nullopt`.
class EmbeddingRow {
 public:
  EmbeddingRow(std::nullopt_t) {}
  EmbeddingRow(std::initializer_list<float> values) : values_(values) {}
  EmbeddingRow(std::vector<float> values) : values_(std::move(values)) {}
  EmbeddingRow(std::optional<std::vector<float>> values) : values_(std::move(values)) {}

  [[nodiscard]] const std::optional<std::vector<float>>& value() const noexcept { return values_; }

 private:
  std::optional<std::vector<float>> values_;
};

}  // namespace detail

/// A row-major matrix of f32: one embedding a row. Rows may be missing (an update leaves that record's
/// embedding as it is; a response has none for it).
///
/// Construction never throws over the content: rows of unlike length, empty rows, NaN and infinities are kept
/// as given and refused by the operation that would send them, which names the row. Values that are moved in
/// are not copied. Distinct objects may be used from any thread; a const object from many at once.
class CHROMA_API Embeddings {
 public:
  /// No rows.
  Embeddings();
  Embeddings(const Embeddings& other);
  Embeddings(Embeddings&& other) noexcept;
  Embeddings& operator=(const Embeddings& other);
  Embeddings& operator=(Embeddings&& other) noexcept;
  ~Embeddings();

  /// One vector a row.
  Embeddings(std::vector<std::vector<float>> rows);
  /// One vector a row, `std::nullopt` for a missing one.
  Embeddings(std::vector<std::optional<std::vector<float>>> rows);
  /// A braced list of braced lists or vectors in which `std::nullopt` is a missing row:
  /// `Embeddings({{0.1f, 0.2f}, std::nullopt})`.
  Embeddings(std::initializer_list<detail::EmbeddingRow> rows);
  /// The rows laid end to end in one vector, each of `dimension` values. What is left over when the number of
  /// values is no multiple of it stays as a shorter last row; with a dimension of 0 there is one empty row.
  Embeddings(std::vector<float> values, std::size_t dimension);

  /// One row.
  [[nodiscard]] static Embeddings row(std::vector<float> values);
  /// The rows laid end to end in memory of the caller, which is not copied and must outlive the call that
  /// sends it (an awaited operation has sent it when the `co_await` returns). Else as the constructor above.
  [[nodiscard]] static Embeddings view(std::span<const float> values, std::size_t dimension);
  /// A temporary vector would be gone before it is sent; give it to the constructor instead.
  static Embeddings view(std::vector<float>&& values, std::size_t dimension) = delete;
  /// A temporary vector would be gone before it is sent; give it to the constructor instead.
  static Embeddings view(const std::vector<float>&& values, std::size_t dimension) = delete;
  /// Rows of any lengths laid end to end; an absent length is a missing row, which takes no values. Lengths
  /// beyond the values are cut, values beyond the lengths are not part of any row.
  [[nodiscard]] static Embeddings from_flat(std::vector<float> values,
                                            const std::vector<std::optional<std::size_t>>& lengths);

  /// How many rows, missing ones counted.
  [[nodiscard]] std::size_t size() const noexcept;
  /// True if there is no row.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The length of the first row that is not missing; 0 if there is none.
  [[nodiscard]] std::size_t dimension() const noexcept;
  /// False if row `i` is missing. @pre `i < size()`
  [[nodiscard]] bool has_row(std::size_t i) const noexcept;
  /// Row `i`, valid until this object changes or dies; empty if it is missing. @pre `i < size()`
  [[nodiscard]] std::span<const float> operator[](std::size_t i) const noexcept;
  /// The rows at these places, in this order, as a copy. @pre each is less than `size()`
  [[nodiscard]] Embeddings reordered(std::span<const std::size_t> order) const;

  /// Equal if the rows are, however they are held. NaN is equal to nothing.
  CHROMA_API friend bool operator==(const Embeddings& left, const Embeddings& right) noexcept;
  /// Short: size, dimension and the first values of the first rows.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Embeddings& embeddings);

 private:
  // No default member initialisers: the variant below needs to be made before they would be known.
  struct Uniform {
    std::vector<float> values;
    std::size_t dimension;
  };
  struct View {
    std::span<const float> values;
    std::size_t dimension;
  };
  struct Place {
    std::size_t offset;
    std::size_t length;
    bool present;
  };
  struct Ragged {
    std::vector<float> values;
    std::vector<Place> rows;
  };
  using Nested = std::vector<std::optional<std::vector<float>>>;

  std::variant<Uniform, View, Ragged, Nested> data_;
};

}  // namespace chroma
