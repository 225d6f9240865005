// A collection's calls about its records: validate, encode, send, decode.
#include "client/collection_call.hpp"
#include "codec/records.hpp"
#include "codec/search.hpp"
#include "codec/system.hpp"

#include <chroma/collection.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace chroma {

using namespace detail;

namespace {

// A hint is worth no more of a write's time than this, or than half of it; and one that was not to be had is
// not asked for again so soon: a server that leaves the question unanswered must not hold up every write.
constexpr std::chrono::seconds hint_timeout{5};
constexpr std::chrono::seconds hint_pause{30};

transport::Clock::time_point hint_deadline(transport::Clock::time_point now,
                                           transport::Clock::time_point deadline) {
  const transport::Clock::duration half = (deadline - now) / 2;
  return now + std::min<transport::Clock::duration>(hint_timeout, half);
}

bool is_cancelled(const RequestError& failure) {
  return failure.stage == Stage::cancelled;
}

/// Asks whether the server takes base64. A server that cannot say is not asked again.
asio::awaitable<bool> ask_base64(Call call) {
  CallOptions once;  // A write does not wait for retries of a mere hint.
  once.retry.emplace().max_retries = 0;
  call.state = call.state->with_options(std::move(once));
  auto asked = send<NoBody, NoQuery, PreFlightChecks>(call, op::pre_flight_checks, "/pre-flight-checks",
                                                      NoBody(), NoQuery());
  const auto outcome = co_await as_result(std::move(asked));
  if (outcome.has_value()) co_return outcome->supports_base64_encoding;
  if (!outcome.error().is_retryable()) {
    const auto* request = outcome.error().get_if<RequestError>();
    if (request == nullptr || !is_cancelled(*request)) co_return false;
  }
  throw outcome.error();
}

asio::awaitable<bool> writes_base64(Call call) {
  const auto& connection = call.state->connection();
  if (connection.encoding != EmbeddingEncoding::Automatic) {
    co_return connection.encoding == EmbeddingEncoding::Base64;
  }
  auto& hint = *connection.base64;
  if (const auto known = hint.takes_base64->cached()) co_return *known;
  const auto now = transport::Clock::now();
  if (now < hint.ask_again.load()) co_return false;
  call.deadline = hint_deadline(now, call.deadline);
  const SingleFlight<bool>::Fetch fetch = [call] { return ask_base64(call); };
  auto asked = SingleFlight<bool>::get(hint.takes_base64, fetch, call.deadline, is_cancelled);
  const auto outcome = co_await as_result(std::move(asked));
  if (outcome.has_value() && *outcome) co_return **outcome;
  if (!outcome.has_value()) {
    const auto* request = outcome.error().get_if<RequestError>();
    if (request != nullptr && is_cancelled(*request)) throw outcome.error();
  }
  // What keeps the hint away is no reason to fail a write: numbers always work.
  hint.ask_again.store(transport::Clock::now() + hint_pause);
  co_return false;
}

/// Validates, encodes, and lets go of the request: while the body is on its way only the body is in memory.
template <class Request>
asio::awaitable<core::Buffer> write_body(Call call, Request request) {
  request.validate();
  bool base64 = false;
  if (codec::has_embeddings(request)) base64 = co_await writes_base64(std::move(call));
  co_return codec::encode(request, base64);
}

template <class Request>
asio::awaitable<void> run_write(CollectionCall call, const char* suffix, Request request) {
  auto body = co_await write_body(call.call, std::move(request));
  co_await send_body<void>(call.call, call.path(suffix), std::move(body));
}

template <class Response, class Request>
asio::awaitable<Response> run_request(CollectionCall call, const char* suffix, Request request) {
  request.validate();
  auto body = codec::encode(request);
  co_return co_await send_body<Response>(call.call, call.path(suffix), std::move(body));
}

}  // namespace

asio::awaitable<GetResponse> ChromaCollection::get() const {
  return get(GetRequest());
}
asio::awaitable<GetResponse> ChromaCollection::get(GetRequest request) const {
  return guarded(op::collection_get, cell_, run_request<GetResponse, GetRequest>, "get", std::move(request));
}
asio::awaitable<GetResponse> ChromaCollection::peek(std::uint32_t limit) const {
  GetRequest request;
  request.limit(limit).include(Include::Embedding, Include::Document, Include::Metadata);
  return get(std::move(request));
}
asio::awaitable<QueryResponse> ChromaCollection::query(QueryRequest request) const {
  return guarded(op::collection_query, cell_, run_request<QueryResponse, QueryRequest>, "query",
                 std::move(request));
}
asio::awaitable<SearchResponse> ChromaCollection::search(SearchPayload payload, ReadLevel level) const {
  std::vector<SearchPayload> payloads;
  payloads.push_back(std::move(payload));
  return search(std::move(payloads), level);
}
asio::awaitable<SearchResponse> ChromaCollection::search(std::vector<SearchPayload> payloads,
                                                         ReadLevel level) const {
  return guarded(op::collection_search, cell_, run_request<SearchResponse, SearchRequest>, "search",
                 SearchRequest(std::move(payloads), level));
}

asio::awaitable<void> ChromaCollection::add(AddRequest request) const {
  return guarded(op::collection_add, cell_, run_write<AddRequest>, "add", std::move(request));
}
asio::awaitable<void> ChromaCollection::update(UpdateRequest request) const {
  return guarded(op::collection_update, cell_, run_write<UpdateRequest>, "update", std::move(request));
}
asio::awaitable<void> ChromaCollection::upsert(UpsertRequest request) const {
  return guarded(op::collection_upsert, cell_, run_write<UpsertRequest>, "upsert", std::move(request));
}
asio::awaitable<DeleteResponse> ChromaCollection::delete_records(DeleteRequest request) const {
  return guarded(op::collection_delete, cell_, run_request<DeleteResponse, DeleteRequest>, "delete",
                 std::move(request));
}

}  // namespace chroma
