// The operations on the records of a collection.
#include "client/collection_call.hpp"
#include "client/embed_requests.hpp"
#include "client/refused_filter.hpp"
#include "codec/codec.hpp"
#include "codec/records.hpp"
#include "codec/system.hpp"
#include "embed/checked.hpp"

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

/// Adds to the error of a write whose embeddings are lost how the caller can keep them.
ChromaHttpClientError explain_lost_embeddings(const ChromaHttpClientError& error) {
  constexpr const char* advice =
      " (the embeddings that were computed for this request are lost; to keep them when a write fails, await "
      "embedded(request) and write its result)";
  auto kind = error.kind();
  if (auto* api = std::get_if<ApiError>(&kind)) {
    api->message += advice;
  } else if (auto* request = std::get_if<RequestError>(&kind)) {
    request->message += advice;
  }
  return ChromaHttpClientError(std::move(kind), error.operation(), error.attempts());
}

template <class Request>
asio::awaitable<void> send_write(CollectionCall call, const char* suffix, Request request) {
  codec::RecordsBody<Request> body{std::move(request), false};
  if (const auto floats = count_floats(body.request); floats > 0) {
    body.base64 = co_await writes_base64(call.call, floats);
  }
  co_await send<void>(call.call, call.path(suffix), std::move(body));
}

template <class Request>
asio::awaitable<void> run_write(CollectionCall call, const char* suffix, Request request) {
  request.validate();
  auto embedded = co_await embed_records(call, std::move(request));
  call.call.restart_deadline();
  auto write = send_write(call, suffix, std::move(embedded.request));
  const auto written = co_await as_result(std::move(write));
  if (written.has_value()) co_return;
  if (embedded.called_function) throw explain_lost_embeddings(written.error());
  throw written.error();
}

template <class Request>
asio::awaitable<Request> run_embedded(CollectionCall call, Request request) {
  request.validate();
  auto embedded = co_await embed_records(std::move(call), std::move(request));
  co_return std::move(embedded.request);
}

asio::awaitable<Embeddings> run_embed(CollectionCall call, std::vector<std::string> texts,
                                      embed::Purpose purpose) {
  return embed::embed_checked(require_dense(*call.cell), std::move(texts), purpose);
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

asio::awaitable<QueryResponse> run_query(CollectionCall call, QueryRequest request) {
  request.validate();
  request = co_await embed_query_texts(call, std::move(request));
  call.call.restart_deadline();
  co_return co_await run_request<QueryResponse>(std::move(call), "/query", std::move(request));
}

asio::awaitable<SearchResponse> run_search(CollectionCall call, SearchRequest request) {
  request.validate();
  request = co_await embed_search_texts(call, std::move(request));
  call.call.restart_deadline();
  co_return co_await run_request<SearchResponse>(std::move(call), "/search", std::move(request));
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
  return run_operation(op::collection_query, cell_, run_query, std::move(request));
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
  return run_operation(op::collection_search, cell_, run_search, std::move(request));
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

void ChromaCollection::set_embedding_function(DenseFunction function) {
  require_cell(cell_).functions.set_dense(std::move(function));
}
Result<DenseFunction> ChromaCollection::embedding_function() const {
  try {
    return require_dense(require_cell(cell_));
  } catch (const ChromaHttpClientError& error) {
    return error;
  }
}
asio::awaitable<Embeddings> ChromaCollection::embed_documents(std::vector<std::string> texts) const {
  return run_operation(op::collection_embed_documents, cell_, run_embed, std::move(texts),
                       embed::Purpose::documents);
}
asio::awaitable<Embeddings> ChromaCollection::embed_query(std::vector<std::string> texts) const {
  return run_operation(op::collection_embed_query, cell_, run_embed, std::move(texts),
                       embed::Purpose::queries);
}
asio::awaitable<AddRequest> ChromaCollection::embedded(AddRequest request) const {
  return run_operation(op::collection_embedded, cell_, run_embedded<AddRequest>, std::move(request));
}
asio::awaitable<UpsertRequest> ChromaCollection::embedded(UpsertRequest request) const {
  return run_operation(op::collection_embedded, cell_, run_embedded<UpsertRequest>, std::move(request));
}
asio::awaitable<UpdateRequest> ChromaCollection::embedded(UpdateRequest request) const {
  return run_operation(op::collection_embedded, cell_, run_embedded<UpdateRequest>, std::move(request));
}

}  // namespace chroma
