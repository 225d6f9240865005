#pragma once

/// @file
/// `Embeddings`: a matrix of 32-bit floats with one row for each record.

#include <chroma/export.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace chroma {

namespace detail {

/// One embedding: a vector, an array, a span, or anything else that converts to a span.
template <class T>
concept FloatRow = requires(const T& row) {
  std::span<const float>(row);
};

/// One row of a list of embeddings: a braced list of floats, a vector, an array, a span, or `std::nullopt`.
class EmbeddingRow {
 public:
  EmbeddingRow(std::nullopt_t) {}
  EmbeddingRow(std::initializer_list<float> values) : values_(values) {}
  EmbeddingRow(std::vector<float> values) : values_(std::move(values)) {}
  EmbeddingRow(std::optional<std::vector<float>> values) : values_(std::move(values)) {}
  EmbeddingRow(std::span<const float> values) : values_(std::in_place, values.begin(), values.end()) {}

  [[nodiscard]] const std::optional<std::vector<float>>& value() const& noexcept { return values_; }
  [[nodiscard]] std::optional<std::vector<float>> value() && noexcept { return std::move(values_); }

 private:
  std::optional<std::vector<float>> values_;
};

}  // namespace detail

/// A row-major matrix of 32-bit floats. Each row is the embedding of a record, or is missing: an update does
/// not change the embedding of that record; a response has no embedding for it.
///
/// Construction does not check the content. Rows of different lengths, empty rows, NaN and infinities are
/// refused by the operation that would send them, with an error that names the row. Vectors that are moved in
/// are not copied.
///
/// Distinct objects may be used from different threads at the same time, a const object from several.
class CHROMA_API Embeddings {
 public:
  /// No rows.
  Embeddings();
  Embeddings(const Embeddings& other);
  Embeddings(Embeddings&& other) noexcept;
  Embeddings& operator=(const Embeddings& other);
  Embeddings& operator=(Embeddings&& other) noexcept;
  ~Embeddings();

  /// One vector for each row.
  Embeddings(std::vector<std::vector<float>> rows);
  /// One vector for each row, or `std::nullopt` for a missing row.
  Embeddings(std::vector<std::optional<std::vector<float>>> rows);
  /// A braced list of braced lists or vectors, in which `std::nullopt` is a missing row:
  /// `Embeddings({{0.1f, 0.2f}, std::nullopt})`.
  Embeddings(std::initializer_list<detail::EmbeddingRow> rows);
  /// Rows of `dimension` values each, one after the other in one vector. If the number of values is not a
  /// multiple of `dimension`, the last row is shorter. If `dimension` is 0 and there are values, there is one
  /// empty row.
  Embeddings(std::vector<float> values, std::size_t dimension);

  /// A matrix of one row.
  [[nodiscard]] static Embeddings row(std::vector<float> values);
  /// The same from an array or a span, which is copied.
  template <detail::FloatRow Row>
  requires(!std::same_as<Row, std::vector<float>>) [[nodiscard]] static Embeddings row(const Row& values) {
    return row(copied(values));
  }
  /// One row for each argument, which is a vector, an array, a span, or `std::nullopt` for a missing row:
  /// `Embeddings::rows(first, second)`. Vectors that are moved in are not copied.
  template <class... Rows>
  requires(sizeof...(Rows) > 0 && (std::constructible_from<detail::EmbeddingRow, Rows> && ...))
      [[nodiscard]] static Embeddings rows(Rows&&... rows) {
    std::vector<std::optional<std::vector<float>>> nested;
    nested.reserve(sizeof...(Rows));
    (nested.push_back(detail::EmbeddingRow(std::forward<Rows>(rows)).value()), ...);
    return Embeddings(std::move(nested));
  }
  /// Like the constructor above, but the values are not copied: they stay in memory of the caller, which must
  /// outlive this object, its copies and every operation that it is passed to, until the `co_await` returns.
  [[nodiscard]] static Embeddings view(std::span<const float> values, std::size_t dimension);
  /// Deleted, because a temporary is destroyed before the operation runs; a temporary span is allowed. Pass a
  /// temporary vector to the constructor.
  template <class Temporary>
  requires(!std::is_lvalue_reference_v<Temporary> &&
           !std::ranges::enable_borrowed_range<std::remove_cvref_t<Temporary>>) static Embeddings
      view(Temporary&& values, std::size_t dimension) = delete;
  /// Deleted, because the values of a braced list are destroyed before the operation runs.
  static Embeddings view(std::initializer_list<float> values, std::size_t dimension) = delete;
  /// A view of rows at different places, of which unset ones are missing: the values are not copied and must
  /// remain valid for as long.
  [[nodiscard]] static Embeddings view(std::vector<std::optional<std::span<const float>>> rows);
  /// Rows of different lengths, one after the other in one vector. An unset length is a missing row, which
  /// takes no values. If the lengths add up to more than the number of values, the last rows are shorter; if
  /// to less, the remaining values belong to no row.
  [[nodiscard]] static Embeddings from_flat(std::vector<float> values,
                                            const std::vector<std::optional<std::size_t>>& lengths);

  /// The number of rows, including missing ones.
  [[nodiscard]] std::size_t size() const noexcept;
  /// True if there is no row.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The length of the first row that is not missing; 0 if there is none.
  [[nodiscard]] std::size_t dimension() const noexcept;
  /// False if row `i` is missing. @pre `i < size()`
  [[nodiscard]] bool has_row(std::size_t i) const noexcept;
  /// Row `i`; empty if it is missing. Valid until this object is modified or destroyed. @pre `i < size()`
  [[nodiscard]] std::span<const float> operator[](std::size_t i) const noexcept;
  /// A copy of the rows with these indices, in this order. @pre each index is less than `size()`
  [[nodiscard]] Embeddings reordered(std::span<const std::size_t> order) const;

  /// True if the rows are equal, however they were given. NaN does not equal NaN.
  CHROMA_API friend bool operator==(const Embeddings& left, const Embeddings& right) noexcept;
  /// Writes a summary: size, dimension and the first values of the first rows.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Embeddings& embeddings);

 private:
  // Without default member initializers, which compilers do not see yet where the variant below needs them.
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
  using Views = std::vector<std::optional<std::span<const float>>>;

  [[nodiscard]] static std::vector<float> copied(std::span<const float> values) {
    return {values.begin(), values.end()};
  }

  std::variant<Uniform, View, Ragged, Nested, Views> data_;
};

}  // namespace chroma
