// Responses with records. They are decoded in one pass, directly into their columns.
#include "codec/columns.hpp"
#include "codec/include_list.hpp"
#include "codec/instantiate.hpp"
#include "codec/key.hpp"

#include <chroma/responses.hpp>

namespace chroma {
namespace {

/// The list of the columns in a response. Unknown names, which a newer server may send, are skipped.
struct IncludedColumns {};

void read(json::Reader& in, const json::As<IncludedColumns, IncludeList>& member) {
  std::vector<Include> columns;
  std::string name;
  member.value = IncludeList();
  if (in.take_null()) return;
  in.begin_array();
  while (in.next_element()) {
    in.string(name);
    if (const auto column = find_include(name)) columns.push_back(*column);
  }
  member.value = IncludeList(std::move(columns));
}
void write(json::Writer& out, const json::As<IncludedColumns, const IncludeList>& member) {
  write(out, member.value);
}

}  // namespace

template <>
struct detail::Description<GetResponse> {
  static void fields(auto& response, auto visit) {
    const std::size_t rows = response.ids.size();
    visit(json::required("ids"), response.ids);
    visit("embeddings", column(response.embeddings, rows));
    visit("documents", column(response.documents, rows));
    visit("uris", column(response.uris, rows));
    visit("metadatas", column(response.metadatas, rows));
    visit("include", json::as<IncludedColumns>(response.include));
  }
};

template <>
struct detail::Description<QueryResponse> {
  static void fields(auto& response, auto visit) {
    visit(json::required("ids"), response.ids);
    visit("embeddings", columns(response.embeddings, response.ids));
    visit("documents", columns(response.documents, response.ids));
    visit("uris", columns(response.uris, response.ids));
    visit("metadatas", columns(response.metadatas, response.ids));
    visit("distances", columns(response.distances, response.ids));
    visit("include", json::as<IncludedColumns>(response.include));
  }
};

template <>
struct detail::Description<SearchResponse> {
  static void fields(auto& response, auto visit) {
    visit(json::required("ids"), response.ids);
    visit("documents", columns(response.documents, response.ids));
    visit("embeddings", columns(response.embeddings, response.ids));
    visit("metadatas", columns(response.metadatas, response.ids));
    visit("scores", columns(response.scores, response.ids));
    visit("select", json::nullable(response.select));
  }
};

template <>
struct detail::Description<DeleteResponse> {
  static void fields(auto& response, auto visit) { visit("deleted", json::nullable(response.deleted)); }
};

CHROMA_CODEC(GetResponse);
CHROMA_CODEC(QueryResponse);
CHROMA_CODEC(SearchResponse);
CHROMA_CODEC(DeleteResponse);

}  // namespace chroma
