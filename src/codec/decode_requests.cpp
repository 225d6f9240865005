#include "codec/records.hpp"
#include "json/read_object.hpp"

#include <string_view>
#include <utility>

namespace chroma {
namespace {

template <class T>
T take(json::Reader& in) {
  T value{};
  read(in, value);
  return value;
}

using Ids = std::vector<std::string>;
using Texts = std::vector<std::optional<std::string>>;

// A column that may be null.
template <class Rows>
auto take_column(json::Reader& in) {
  auto rows = take<std::optional<Rows>>(in);
  using Value = typename Rows::value_type::value_type;
  return rows ? Column<Value>(std::move(*rows)) : Column<Value>(std::nullopt);
}

template <class Request, class Map>
void read_records(json::Reader& in, Request& request) {
  bool has_ids = false;
  request = Request();
  read_object(in, [&](std::string_view key) {
    if (key == "ids") {
      request.ids(take<Ids>(in));
      has_ids = true;
    } else if (key == "embeddings") {
      request.embeddings(take<std::optional<Embeddings>>(in));
    } else if (key == "documents") {
      request.documents(take_column<Texts>(in));
    } else if (key == "uris") {
      request.uris(take_column<Texts>(in));
    } else if (key == "metadatas") {
      request.metadatas(take_column<std::vector<std::optional<Map>>>(in));
    } else {
      return false;
    }
    return true;
  });
  require_member(in, has_ids, "ids");
}

// A filter has one or both of its forms, which are then combined by And.
struct Filter {
  std::optional<Where> where;
  std::optional<Where> document;

  std::optional<Where> joined() && {
    if (!where || !document) return where ? std::move(where) : std::move(document);
    return std::move(*where) & std::move(*document);
  }
};

// Reads the request of a read or deletion: `member(key)` reads the members that only this request has.
template <class Request, class Member>
void read_pick(json::Reader& in, Request& request, Member member) {
  Filter filter;
  request = Request();
  read_object(in, [&](std::string_view key) {
    if (key == "ids") {
      request.ids(take<std::optional<Ids>>(in));
    } else if (key == "where") {
      read(in, filter.where);
    } else if (key == "where_document") {
      filter.document.reset();
      if (!in.take_null()) filter.document = Where::parse_document(in.skip());
    } else {
      return member(key);
    }
    return true;
  });
  request.where(std::move(filter).joined());
}

}  // namespace

void read(json::Reader& in, AddRequest& request) {
  read_records<AddRequest, Metadata>(in, request);
}
void read(json::Reader& in, UpsertRequest& request) {
  read_records<UpsertRequest, UpdateMetadata>(in, request);
}
void read(json::Reader& in, UpdateRequest& request) {
  read_records<UpdateRequest, UpdateMetadata>(in, request);
}

void read(json::Reader& in, GetRequest& request) {
  read_pick(in, request, [&](std::string_view key) {
    if (key == "limit") {
      request.limit(take<std::optional<std::uint64_t>>(in));
    } else if (key == "offset") {
      request.offset(take<std::uint64_t>(in));
    } else if (key == "include") {
      request.include(take<IncludeList>(in));
    } else {
      return false;
    }
    return true;
  });
}

void read(json::Reader& in, QueryRequest& request) {
  bool has_embeddings = false;
  read_pick(in, request, [&](std::string_view key) {
    if (key == "query_embeddings") {
      request.query_embeddings(take<Embeddings>(in));
      has_embeddings = true;
    } else if (key == "n_results") {
      request.n_results(take<std::uint64_t>(in));
    } else if (key == "include") {
      request.include(take<IncludeList>(in));
    } else {
      return false;
    }
    return true;
  });
  require_member(in, has_embeddings, "query_embeddings");
}

void read(json::Reader& in, DeleteRequest& request) {
  read_pick(in, request, [&](std::string_view key) {
    if (key != "limit") return false;
    request.limit(take<std::optional<std::uint64_t>>(in));
    return true;
  });
}

void read(json::Reader& in, IncludeList& list) {
  std::vector<Include> columns;
  std::string name;
  in.begin_array();
  while (in.next_element()) {
    in.skip_space();
    const char* begin = in.cursor();
    in.string(name);
    const auto column = find_include(name);
    if (!column) in.fail_at(begin, "Invalid include value: " + name);
    columns.push_back(*column);
  }
  list = IncludeList(std::move(columns));
}

}  // namespace chroma
