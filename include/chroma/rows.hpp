#pragma once

/// @file
/// `Rows`: an answer's columns seen record by record, without copying.

#include <chroma/embeddings.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chroma {

/// One record of an answer: views into it, valid as long as the answer stays as it is. What the answer does
/// not have for this record is empty.
struct Row {
  std::string_view id;
  std::optional<std::string_view> document;
  std::optional<std::string_view> uri;
  const Metadata* metadata = nullptr;
  std::optional<std::span<const float>> embedding;
  std::optional<float> distance;  ///< `query` alone: 0 is the query vector itself; smaller is nearer.
  std::optional<float> score;     ///< `search` alone: smaller is better.

  /// Equal if what they look at is.
  CHROMA_API friend bool operator==(const Row& left, const Row& right) noexcept;
};

/// The records of an answer, one after the other; a view into it, valid as long as the answer stays as it is.
/// A column that is shorter than the ids counts as empty behind its end.
class Rows {
 public:
  /// The columns looked at; nullptr for one that the answer does not have.
  struct Columns {
    const std::vector<std::string>* ids = nullptr;
    const std::vector<std::optional<std::string>>* documents = nullptr;
    const std::vector<std::optional<std::string>>* uris = nullptr;
    const std::vector<std::optional<Metadata>>* metadatas = nullptr;
    const Embeddings* embeddings = nullptr;
    const std::vector<std::optional<float>>* distances = nullptr;
    const std::vector<std::optional<float>>* scores = nullptr;
  };

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

  explicit Rows(const Columns& columns) : columns_(columns) {}

  [[nodiscard]] std::size_t size() const noexcept { return columns_.ids ? columns_.ids->size() : 0; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// @pre `i < size()`
  [[nodiscard]] Row operator[](std::size_t i) const { return row(columns_, i); }
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
