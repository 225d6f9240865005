#pragma once

/// @file
/// `Column`: the parameter type of the setters of write requests.

#include <chroma/metadata.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace chroma {

namespace detail {

/// The argument types of `ids("a", "b")` and `documents("a", "b")`.
template <class T>
concept Text = std::convertible_to<const T&, std::string_view> && !std::same_as<T, std::nullptr_t>;

template <Text... Texts>
std::vector<std::string> make_texts(const Texts&... texts) {
  std::vector<std::string> result;
  result.reserve(sizeof...(texts));
  (result.emplace_back(std::string_view(texts)), ...);
  return result;
}

/// One row of a braced list of metadata: a map, a braced map, or `std::nullopt`.
template <class Map>
class MetadataEntry {
 public:
  MetadataEntry(std::nullopt_t) {}
  MetadataEntry(Map map) : value_(std::move(map)) {}
  MetadataEntry(std::optional<Map> map) : value_(std::move(map)) {}
  MetadataEntry(std::initializer_list<typename Map::value_type> entries) : value_(Map(entries)) {}
  MetadataEntry(const Metadata& map) requires(!std::is_same_v<Map, Metadata>)
      : value_(Map(map.begin(), map.end())) {}
  MetadataEntry(const std::optional<Metadata>& map) requires(!std::is_same_v<Map, Metadata>) {
    if (map) value_.emplace(map->begin(), map->end());
  }

  [[nodiscard]] const std::optional<Map>& value() const noexcept { return value_; }

 private:
  std::optional<Map> value_;
};

template <class T>
struct ColumnEntry {
  using type = std::optional<T>;
  static const type& value(const type& entry) noexcept { return entry; }
};
template <class T>
requires(std::is_same_v<T, Metadata> || std::is_same_v<T, UpdateMetadata>) struct ColumnEntry<T> {
  using type = MetadataEntry<T>;
  static const std::optional<T>& value(const type& entry) noexcept { return entry.value(); }
};

}  // namespace detail

/// A column of a write request: one entry for each record, some of which may be unset. It converts implicitly
/// from a vector of `T`, a vector of `std::optional<T>`, and a braced list in which `std::nullopt` is an
/// unset entry. A column of `UpdateMetadata` converts from `Metadata` as well. `std::nullopt` alone means
/// that the request has no such column. Entries of a vector that is moved in are moved and not copied, except
/// that `Metadata` is copied into `UpdateMetadata`.
template <class T>
class Column {
 public:
  using Rows = std::vector<std::optional<T>>;

  /// The request has no such column.
  Column(std::nullopt_t) {}
  /// An entry for every record.
  Column(std::vector<T> rows)
      : rows_(Rows(std::move_iterator(rows.begin()), std::move_iterator(rows.end()))) {}
  /// Entries of which some may be unset.
  Column(Rows rows) : rows_(std::move(rows)) {}
  /// A braced list: `{"text", std::nullopt}`.
  Column(std::initializer_list<typename detail::ColumnEntry<T>::type> entries) {
    rows_.emplace().reserve(entries.size());
    for (const auto& entry : entries) rows_->push_back(detail::ColumnEntry<T>::value(entry));
  }
  /// An entry for every record. None of them deletes a key.
  Column(const std::vector<Metadata>& rows) requires(std::is_same_v<T, UpdateMetadata>) {
    rows_.emplace().reserve(rows.size());
    for (const Metadata& row : rows) rows_->emplace_back(T(row.begin(), row.end()));
  }
  /// Entries of which some may be unset. None of them deletes a key.
  Column(const std::vector<std::optional<Metadata>>& rows) requires(std::is_same_v<T, UpdateMetadata>) {
    rows_.emplace().reserve(rows.size());
    for (const auto& row : rows) {
      rows_->push_back(row ? std::optional<T>(std::in_place, row->begin(), row->end()) : std::nullopt);
    }
  }

  /// The entries; unset if the request has no such column.
  [[nodiscard]] const std::optional<Rows>& rows() const& noexcept { return rows_; }
  [[nodiscard]] std::optional<Rows> rows() && noexcept { return std::move(rows_); }

 private:
  std::optional<Rows> rows_;
};

}  // namespace chroma
