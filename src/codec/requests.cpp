// The bodies of requests that read and write records.
#include "codec/embeddings.hpp"
#include "codec/include_list.hpp"
#include "codec/instantiate.hpp"
#include "codec/records.hpp"
#include "types/metadata_json.hpp"
#include "types/where_json.hpp"

#include <chroma/requests.hpp>

#include <concepts>

namespace chroma {
namespace {

template <class T>
concept RecordsRequest =
    std::same_as<T, AddRequest> || std::same_as<T, UpsertRequest> || std::same_as<T, UpdateRequest>;

/// Embeddings and the form in which a body has them.
struct EncodedEmbeddings {
  const std::optional<Embeddings>& rows;
  bool base64;
};
void write(json::Writer& out, const EncodedEmbeddings& embeddings) {
  if (embeddings.rows) {
    write_embeddings(out, *embeddings.rows, embeddings.base64);
  } else {
    out.null();
  }
}

/// The filter of a request. It is written as one clause, in `where`, and read from `where`, `where_document`
/// or both; if both are present, a record must match both.
struct Filter {
  std::optional<Where> where;
  std::optional<Where> document;

  std::optional<Where> joined() && {
    if (!where || !document) return where ? std::move(where) : std::move(document);
    return std::move(*where) & std::move(*document);
  }
};

/// The member `where_document`, whose clause has a grammar of its own.
struct DocumentClause {};
void read(json::Reader& in, const json::As<DocumentClause, std::optional<Where>>& member) {
  member.value.reset();
  if (!in.take_null()) member.value = Where::parse_document(in.skip());
}
void write(json::Writer& out, const json::As<DocumentClause, const std::optional<Where>>& member) {
  write(out, member.value);
}

/// A request that is being read, and its filter.
template <class Request>
struct Reading {
  Request& request;
  Filter& filter;
};

}  // namespace

template <RecordsRequest Request>
struct detail::Description<Request> {
  static void fields(auto& request, auto visit) { fields(request, request.embeddings_, visit); }
  static void fields(auto& request, auto&& embeddings, auto visit) {
    visit(json::required("ids"), request.ids_);
    visit("embeddings", embeddings);
    visit("documents", request.documents_);
    visit("uris", request.uris_);
    visit("metadatas", request.metadatas_);
  }
};

template <class Request>
struct detail::Description<codec::RecordsBody<Request>> {
  static void fields(const auto& body, auto visit) {
    const EncodedEmbeddings embeddings{body.request.embeddings(), body.base64};
    Description<Request>::fields(body.request, embeddings, visit);
  }
};

namespace {

/// The part of a description that requests with a filter share. It writes the filter as one clause; the
/// member `members` of the description lists the members of the object with the given filter.
template <class Request>
struct SelectionDescription {
  static void fields(const Request& request, auto visit) {
    const Filter filter{request.where(), std::nullopt};
    detail::Description<Request>::members(request, filter, visit);
  }
};

}  // namespace

template <>
struct detail::Description<GetRequest> : SelectionDescription<GetRequest> {
  static void members(auto& request, auto& filter, auto visit) {
    visit("ids", request.ids_);
    visit("where", filter.where);
    visit("where_document", json::as<DocumentClause>(filter.document));
    visit("limit", request.limit_);
    visit("offset", request.offset_);
    visit("include", request.include_);
  }
};

template <>
struct detail::Description<QueryRequest> : SelectionDescription<QueryRequest> {
  static void members(auto& request, auto& filter, auto visit) {
    visit("ids", request.ids_);
    visit("where", filter.where);
    visit("where_document", json::as<DocumentClause>(filter.document));
    visit(json::required("query_embeddings"), request.query_embeddings_);
    visit("n_results", request.n_results_);
    visit("include", request.include_);
  }
};

template <>
struct detail::Description<DeleteRequest> : SelectionDescription<DeleteRequest> {
  static void members(auto& request, auto& filter, auto visit) {
    visit("ids", request.ids_);
    visit("limit", request.limit_);
    visit("where", filter.where);
    visit("where_document", json::as<DocumentClause>(filter.document));
  }
};

template <class Request>
struct detail::Description<Reading<Request>> {
  static void fields(auto& reading, auto visit) {
    Description<Request>::members(reading.request, reading.filter, visit);
  }
};

namespace {

template <class Request>
void read_filtered(json::Reader& in, Request& request) {
  request = Request();
  Filter filter;
  Reading<Request> reading{request, filter};
  read_fields(in, reading);
  request.where(std::move(filter).joined());
}

}  // namespace

static void read(json::Reader& in, GetRequest& request) {
  read_filtered(in, request);
}
static void read(json::Reader& in, QueryRequest& request) {
  read_filtered(in, request);
}
static void read(json::Reader& in, DeleteRequest& request) {
  read_filtered(in, request);
}

namespace {

using Texts = std::optional<std::vector<std::optional<std::string>>>;

std::size_t size_of(const Texts& column) {
  std::size_t size = 4;
  if (!column) return size;
  for (const auto& text : *column) size += text ? text->size() + 3 : 5;
  return size;
}

template <class Map>
std::size_t size_of(const std::optional<std::vector<std::optional<Map>>>& column) {
  constexpr std::size_t usual_entry = 48;
  std::size_t size = 4;
  if (!column) return size;
  for (const auto& map : *column) size += map ? 3 + map->size() * usual_entry : 5;
  return size;
}

}  // namespace

template <class Request>
std::size_t codec::RecordsBody<Request>::expected_size() const {
  constexpr std::size_t keys = 96;
  std::size_t size = keys;
  for (const std::string& id : request.ids()) size += id.size() + 3;
  if (request.embeddings()) size += written_size(*request.embeddings(), base64);
  return size + size_of(request.documents()) + size_of(request.uris()) + size_of(request.metadatas());
}

CHROMA_CODEC(AddRequest);
CHROMA_CODEC(UpsertRequest);
CHROMA_CODEC(UpdateRequest);
CHROMA_CODEC(GetRequest);
CHROMA_CODEC(QueryRequest);
CHROMA_CODEC(DeleteRequest);
CHROMA_CODEC(Embeddings);
CHROMA_ENCODE(codec::RecordsBody<AddRequest>);
CHROMA_ENCODE(codec::RecordsBody<UpsertRequest>);
CHROMA_ENCODE(codec::RecordsBody<UpdateRequest>);

}  // namespace chroma
