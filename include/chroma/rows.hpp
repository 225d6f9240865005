#pragma once

/// @file
/// `Rows`: the records of a response one by one, without copies.

#include <chroma/embeddings.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>

#include <cstddef>
#include <iosfwd>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chroma {

/// One record of a response. Its members are views into the response and remain valid as long as the response
/// exists and is not modified. A member that the response does not have for this record is unset or nullptr.
struct Row {
  std::string_view id;
  std::optional<std::string_view> document;
  std::optional<std::string_view> uri;
  const Metadata* metadata = nullptr;
  std::optional<std::span<const float>> embedding;
  std::optional<float> distance;  ///< Set by `query` only; smaller is nearer.
  std::optional<float> score;     ///< Set by `search` only; smaller is better.

  /// The metadata value of this key; nullptr if the record has none, or no metadata.
  [[nodiscard]] CHROMA_API const MetadataValue* find(std::string_view key) const;
  /// The metadata value of this key as a `T`; unset if there is none, or if it does not convert without loss.
  /// The rules are those of `MetadataValue::get`.
  template <detail::MetadataReadable T>
  [[nodiscard]] std::optional<T> get(std::string_view key) const {
    const MetadataValue* value = find(key);
    return value != nullptr ? value->get<T>() : std::nullopt;
  }

  /// True if the values that the members refer to are equal.
  CHROMA_API friend bool operator==(const Row& left, const Row& right) noexcept;
  /// Writes the members that are set, long ones shortened: `{id: "a", document: "red", distance: 0.5}`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Row& row);
};

/// A range of the records of a response. It is a view and remains valid as long as the response exists and is
/// not modified. A column with fewer entries than there are ids has no value for the records after its end.
class Rows {
 public:
  /// Pointers to the columns; nullptr for a column that the response does not have.
  struct Columns {
    const std::vector<std::string>* ids = nullptr;
    const std::vector<std::optional<std::string>>* documents = nullptr;
    const std::vector<std::optional<std::string>>* uris = nullptr;
    const std::vector<std::optional<Metadata>>* metadatas = nullptr;
    const Embeddings* embeddings = nullptr;
    const std::vector<std::optional<float>>* distances = nullptr;
    const std::vector<std::optional<float>>* scores = nullptr;
  };

  /// A forward iterator; it computes the records, so `operator*` returns them by value.
  class Iterator {
   public:
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;
    using iterator_category = std::input_iterator_tag;

    Iterator() = default;
    Iterator(const Columns& columns, std::size_t index) : columns_(columns), index_(index) {}

    [[nodiscard]] Row operator*() const { return row(columns_, index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++index_;
      return before;
    }
    friend bool operator==(const Iterator& left, const Iterator& right) noexcept {
      return left.columns_.ids == right.columns_.ids && left.index_ == right.index_;
    }

   private:
    Columns columns_;
    std::size_t index_ = 0;
  };

  /// A view of these columns.
  explicit Rows(const Columns& columns) : columns_(columns) {}

  /// The number of records.
  [[nodiscard]] std::size_t size() const noexcept { return columns_.ids ? columns_.ids->size() : 0; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The record at index `i`. @pre `i < size()`
  [[nodiscard]] Row operator[](std::size_t i) const { return row(columns_, i); }
  /// The first record. @pre `!empty()`
  [[nodiscard]] Row front() const { return row(columns_, 0); }
  [[nodiscard]] Iterator begin() const { return Iterator(columns_, 0); }
  [[nodiscard]] Iterator end() const { return Iterator(columns_, size()); }

 private:
  template <class T>
  static const T* entry(const std::vector<std::optional<T>>* column, std::size_t i) noexcept {
    return column && i < column->size() && (*column)[i] ? &*(*column)[i] : nullptr;
  }

  static Row row(const Columns& columns, std::size_t i) {
    Row result;
    result.id = (*columns.ids)[i];
    if (const auto* document = entry(columns.documents, i)) result.document = *document;
    if (const auto* uri = entry(columns.uris, i)) result.uri = *uri;
    result.metadata = entry(columns.metadatas, i);
    if (const auto* all = columns.embeddings; all && i < all->size() && all->has_row(i)) {
      result.embedding = (*all)[i];
    }
    if (const auto* distance = entry(columns.distances, i)) result.distance = *distance;
    if (const auto* score = entry(columns.scores, i)) result.score = *score;
    return result;
  }

  Columns columns_;
};

}  // namespace chroma
