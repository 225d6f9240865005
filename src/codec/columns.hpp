#pragma once

#include "codec/embeddings.hpp"
#include "json/values.hpp"
#include "types/metadata_json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// Columns of responses as members. The ids usually come first. Then the number of rows is known, and memory
/// for the other columns is reserved at once.
namespace chroma {

/// The column of one query.
template <class Rows>
struct ColumnMember {
  Rows& rows;
  std::size_t expected;
};
template <class Rows>
[[nodiscard]] ColumnMember<Rows> column(Rows& rows, std::size_t expected) {
  return {rows, expected};
}

/// A column for each of several queries.
template <class Columns>
struct ColumnsMember {
  Columns& columns;
  const std::vector<std::vector<std::string>>& ids;
};
template <class Columns>
[[nodiscard]] ColumnsMember<Columns> columns(Columns& columns,
                                             const std::vector<std::vector<std::string>>& ids) {
  return {columns, ids};
}

inline void read_rows(json::Reader& in, Embeddings& column, std::size_t rows) {
  column = read_embeddings(in, rows);
}
template <class T>
void read_rows(json::Reader& in, std::vector<std::optional<T>>& column, std::size_t rows) {
  column.clear();
  in.reserve(column, rows);
  in.begin_array();
  while (in.next_element()) read(in, column.emplace_back());
}
template <class Column>
void read_rows(json::Reader& in, std::optional<Column>& column, std::size_t rows) {
  column.reset();
  if (!in.take_null()) read_rows(in, column.emplace(), rows);
}

template <class Column>
void read_columns(json::Reader& in, std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& ids) {
  columns.clear();
  if (in.take_null()) return;
  in.begin_array();
  while (in.next_element()) {
    const std::size_t query = columns.size();
    read_rows(in, columns.emplace_back(), query < ids.size() ? ids[query].size() : 0);
  }
}
template <class Columns>
void read_columns(json::Reader& in, std::optional<Columns>& columns,
                  const std::vector<std::vector<std::string>>& ids) {
  columns.reset();
  if (!in.take_null()) read_columns(in, columns.emplace(), ids);
}

template <class Rows>
void read(json::Reader& in, const ColumnMember<Rows>& member) {
  read_rows(in, member.rows, member.expected);
}
template <class Rows>
void write(json::Writer& out, const ColumnMember<Rows>& member) {
  write(out, member.rows);
}
template <class Columns>
void read(json::Reader& in, const ColumnsMember<Columns>& member) {
  read_columns(in, member.columns, member.ids);
}
template <class Columns>
void write(json::Writer& out, const ColumnsMember<Columns>& member) {
  write(out, member.columns);
}

}  // namespace chroma
