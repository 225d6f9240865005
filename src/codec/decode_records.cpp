#include "codec/key.hpp"
#include "codec/read_embeddings.hpp"
#include "codec/records.hpp"
#include "json/read_object.hpp"

#include <string_view>
#include <utility>

namespace chroma {
namespace {

// A column of one query; memory for as many rows as there are ids is reserved.
template <class T>
void read_rows(json::Reader& in, std::vector<std::optional<T>>& column, std::size_t rows) {
  column.clear();
  in.reserve(column, rows);
  in.begin_array();
  while (in.next_element()) read(in, column.emplace_back());
}
void read_rows(json::Reader& in, Embeddings& column, std::size_t rows) {
  column = read_embeddings(in, rows);
}

template <class Column>
void read_rows(json::Reader& in, std::optional<Column>& column, std::size_t rows) {
  column.reset();
  if (!in.take_null()) read_rows(in, column.emplace(), rows);
}

// A column of several queries, empty for null. If the ids are read first, as usual, the number of rows is
// known.
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

template <class Column>
void read_columns(json::Reader& in, std::optional<std::vector<Column>>& columns,
                  const std::vector<std::vector<std::string>>& ids) {
  columns.reset();
  if (!in.take_null()) read_columns(in, columns.emplace(), ids);
}

// Columns that only newer servers know are skipped.
void read_known(json::Reader& in, IncludeList& list) {
  std::vector<Include> columns;
  std::string name;
  list = IncludeList();
  if (in.take_null()) return;
  in.begin_array();
  while (in.next_element()) {
    in.string(name);
    if (const auto column = find_include(name)) columns.push_back(*column);
  }
  list = IncludeList(std::move(columns));
}

void read_select(json::Reader& in, std::vector<std::vector<Key>>& select) {
  select.clear();
  if (in.take_null()) return;
  in.begin_array();
  while (in.next_element()) select.push_back(read_keys(in));
}

}  // namespace

void read(json::Reader& in, Embeddings& embeddings) {
  embeddings = read_embeddings(in, 0);
}

void read(json::Reader& in, GetResponse& response) {
  bool has_ids = false;
  response = GetResponse();
  read_object(in, [&](std::string_view key) {
    const std::size_t rows = response.ids.size();
    if (key == "ids") {
      read(in, response.ids);
      has_ids = true;
    } else if (key == "embeddings") {
      read_rows(in, response.embeddings, rows);
    } else if (key == "documents") {
      read_rows(in, response.documents, rows);
    } else if (key == "uris") {
      read_rows(in, response.uris, rows);
    } else if (key == "metadatas") {
      read_rows(in, response.metadatas, rows);
    } else if (key == "include") {
      read_known(in, response.include);
    } else {
      return false;
    }
    return true;
  });
  require_member(in, has_ids, "ids");
}

void read(json::Reader& in, QueryResponse& response) {
  bool has_ids = false;
  response = QueryResponse();
  read_object(in, [&](std::string_view key) {
    if (key == "ids") {
      read(in, response.ids);
      has_ids = true;
    } else if (key == "embeddings") {
      read_columns(in, response.embeddings, response.ids);
    } else if (key == "documents") {
      read_columns(in, response.documents, response.ids);
    } else if (key == "uris") {
      read_columns(in, response.uris, response.ids);
    } else if (key == "metadatas") {
      read_columns(in, response.metadatas, response.ids);
    } else if (key == "distances") {
      read_columns(in, response.distances, response.ids);
    } else if (key == "include") {
      read_known(in, response.include);
    } else {
      return false;
    }
    return true;
  });
  require_member(in, has_ids, "ids");
}

void read(json::Reader& in, SearchResponse& response) {
  bool has_ids = false;
  response = SearchResponse();
  read_object(in, [&](std::string_view key) {
    if (key == "ids") {
      read(in, response.ids);
      has_ids = true;
    } else if (key == "documents") {
      read_columns(in, response.documents, response.ids);
    } else if (key == "embeddings") {
      read_columns(in, response.embeddings, response.ids);
    } else if (key == "metadatas") {
      read_columns(in, response.metadatas, response.ids);
    } else if (key == "scores") {
      read_columns(in, response.scores, response.ids);
    } else if (key == "select") {
      read_select(in, response.select);
    } else {
      return false;
    }
    return true;
  });
  require_member(in, has_ids, "ids");
}

void read(json::Reader& in, DeleteResponse& response) {
  response = DeleteResponse();
  read_object(in, [&](std::string_view key) {
    if (key != "deleted") return false;
    response.deleted = 0;
    if (!in.take_null()) read(in, response.deleted);
    return true;
  });
}

}  // namespace chroma
