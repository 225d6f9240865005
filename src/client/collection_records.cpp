// The operations on the records of a collection.
#include "client/collection_call.hpp"
#include "client/refused_filter.hpp"
#include "codec/codec.hpp"
#include "codec/records.hpp"
#include "codec/system.hpp"

#include <chroma/collection.hpp>

#include <utility>

namespace chroma {

using namespace detail;

namespace {

/// The number of floats in the embeddings of a request, if all rows are as long as the first.
template <class Request>
std::size_t count_floats(const Request& request) {
  const auto& embeddings = request.embeddings();
  return embeddings ? embeddings->size() * embeddings->dimension() : 0;
}

/// A collection handle has no embedding function, so new records must have embeddings.
template <class Request>
void require_embeddings(const Request& request) {
  if constexpr (!std::is_same_v<Request, UpdateRequest>) {
    if (!request.embeddings() && !request.ids().empty())
      throw ChromaHttpClientError(MissingEmbeddingFunction());
  }
}

template <class Request>
asio::awaitable<void> run_write(CollectionCall call, const char* suffix, Request request) {
  request.validate();
  require_embeddings(request);
  codec::RecordsBody<Request> body{std::move(request), false};
  if (const auto floats = count_floats(body.request); floats > 0) {
    body.base64 = co_await writes_base64(call.call, floats);
  }
  co_await send<void>(call.call, call.path(suffix), std::move(body));
}

template <class Response, class Request>
asio::awaitable<Response> run_request(CollectionCall call, const char* suffix, Request request) {
  request.validate();
  const auto filters = filters_of(request);
  try {
    co_return co_await send<Response>(call.call, call.path(suffix), std::move(request));
  } catch (const ChromaHttpClientError& error) {
    throw explain_refused_filter(error, filters);
  }
}

}  // namespace

asio::awaitable<GetResponse> ChromaCollection::get() const {
  return get(GetRequest());
}
asio::awaitable<GetResponse> ChromaCollection::get(GetRequest request) const {
  return run_operation(op::collection_get, cell_, run_request<GetResponse, GetRequest>, "/get",
                       std::move(request));
}
asio::awaitable<GetResponse> ChromaCollection::peek(std::uint32_t limit) const {
  GetRequest request;
  request.limit(limit).include(Include::Embedding, Include::Document, Include::Metadata);
  return get(std::move(request));
}
asio::awaitable<QueryResponse> ChromaCollection::query(QueryRequest request) const {
  return run_operation(op::collection_query, cell_, run_request<QueryResponse, QueryRequest>, "/query",
                       std::move(request));
}
asio::awaitable<SearchResponse> ChromaCollection::search(SearchPayload payload, ReadLevel level) const {
  std::vector<SearchPayload> payloads;
  payloads.push_back(std::move(payload));
  return search(std::move(payloads), level);
}
asio::awaitable<SearchResponse> ChromaCollection::search(std::vector<SearchPayload> payloads,
                                                         ReadLevel level) const {
  return search(SearchRequest(std::move(payloads), level));
}
asio::awaitable<SearchResponse> ChromaCollection::search(SearchRequest request) const {
  return run_operation(op::collection_search, cell_, run_request<SearchResponse, SearchRequest>, "/search",
                       std::move(request));
}

asio::awaitable<void> ChromaCollection::add(AddRequest request) const {
  return run_operation(op::collection_add, cell_, run_write<AddRequest>, "/add", std::move(request));
}
asio::awaitable<void> ChromaCollection::update(UpdateRequest request) const {
  return run_operation(op::collection_update, cell_, run_write<UpdateRequest>, "/update", std::move(request));
}
asio::awaitable<void> ChromaCollection::upsert(UpsertRequest request) const {
  return run_operation(op::collection_upsert, cell_, run_write<UpsertRequest>, "/upsert", std::move(request));
}
asio::awaitable<DeleteResponse> ChromaCollection::delete_records(DeleteRequest request) const {
  return run_operation(op::collection_delete, cell_, run_request<DeleteResponse, DeleteRequest>, "/delete",
                       std::move(request));
}

}  // namespace chroma
