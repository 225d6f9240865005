#pragma once

#include "client/client_state.hpp"
#include "client/operations.hpp"
#include "codec/codec.hpp"
#include "core/buffer.hpp"
#include "json/any_json.hpp"
#include "transport/http_message.hpp"
#include "transport/url.hpp"

#include <chroma/error.hpp>
#include <chroma/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace chroma::detail {

/// One call of the API: whose it is, and the time by which all of its requests must be through.
struct Call {
  using Source = std::shared_ptr<const ClientState>;

  Call(Operation op, Source client);

  std::shared_ptr<const ClientState> state;
  Operation operation;
  transport::Clock::time_point deadline;
};

/// A request without a body.
struct NoBody {};
/// A request without a query string.
struct NoQuery {};

[[nodiscard]] inline std::string to_query(NoQuery) {
  return {};
}

template <class Body>
[[nodiscard]] core::Buffer to_body(Body body) {
  if constexpr (std::is_same_v<Body, core::Buffer>) {
    return body;
  } else {
    return codec::encode(body);
  }
}

/// Sends the request and hands back the answer, whatever its status.
[[nodiscard]] asio::awaitable<transport::HttpResponse> exchange(Call call, Operation operation,
                                                                std::string target, bool has_body,
                                                                core::Buffer body);

/// @throws ChromaHttpClientError with ApiError unless the status is 2xx
void require_success(const transport::HttpResponse& response, Operation operation);

/// Turns a decoder's failure into an error that says which answer could not be read.
[[noreturn]] void throw_unreadable(const ChromaHttpClientError& error,
                                   const transport::HttpResponse& response);

template <class Response>
[[nodiscard]] Response decode_response(const transport::HttpResponse& response) {
  try {
    return codec::decode<Response>(response.body.view());
  } catch (const ChromaHttpClientError& error) {
    throw_unreadable(error, response);
  }
}

/// The one way of every request: a path, a body and a decoder meet here.
/// @param path below ".../api/v2", percent-encoded
template <class Body, class Query, class Response>
[[nodiscard]] asio::awaitable<Response> send(Call call, Operation operation, std::string path, Body body,
                                             Query query) {
  std::string target = call.state->connection().base_path + path + to_query(query);
  auto bytes = core::Buffer();
  if constexpr (!std::is_same_v<Body, NoBody>) bytes = to_body(std::move(body));
  auto response = co_await exchange(std::move(call), operation, std::move(target),
                                    !std::is_same_v<Body, NoBody>, std::move(bytes));
  require_success(response, operation);
  if constexpr (std::is_void_v<Response>) {
    // A gateway's page is no answer of Chroma: taken for success it would hide a lost write.
    static_cast<void>(decode_response<codec::AnyJson>(response));
  } else {
    co_return decode_response<Response>(response);
  }
}

/// A request without body and query.
template <class Response>
[[nodiscard]] asio::awaitable<Response> send_bodiless(Call call, std::string path) {
  const auto operation = call.operation;
  return send<NoBody, NoQuery, Response>(std::move(call), operation, std::move(path), NoBody(), NoQuery());
}

/// A request with a body.
template <class Response, class Body>
[[nodiscard]] asio::awaitable<Response> send_body(Call call, std::string path, Body body) {
  const auto operation = call.operation;
  return send<Body, NoQuery, Response>(std::move(call), operation, std::move(path), std::move(body),
                                       NoQuery());
}

/// Throws the failure as ChromaHttpClientError, with the operation if it names none; lack of memory and the
/// program's own mistakes as they are.
[[noreturn]] void throw_named(std::exception_ptr failure, Operation operation);

/// Runs `function(Context(operation, source), args...)` when it is awaited, so that nothing but
/// ChromaHttpClientError leaves it and every error names the operation.
template <class T, class Context, class... Parameters>
[[nodiscard]] asio::awaitable<T> guarded(Operation operation, typename Context::Source source,
                                         asio::awaitable<T> (*function)(Context, Parameters...),
                                         std::type_identity_t<Parameters>... args) {
  std::exception_ptr failure;
  try {
    Context context(operation, std::move(source));
    if constexpr (std::is_void_v<T>) {
      co_await function(std::move(context), std::move(args)...);
      co_return;
    } else {
      co_return co_await function(std::move(context), std::move(args)...);
    }
  } catch (...) {
    failure = std::current_exception();
  }
  throw_named(std::move(failure), operation);
}

/// A name as a path segment. @throws ChromaHttpClientError with ValidationError if it is empty or no UTF-8
[[nodiscard]] std::string segment(std::string_view field, std::string_view name);

/// "/tenants/{T}", with the tenant resolved. @throws ChromaHttpClientError
[[nodiscard]] asio::awaitable<std::string> tenant_path(Call call);
/// "/tenants/{T}/databases/{D}", with both resolved. @throws ChromaHttpClientError
[[nodiscard]] asio::awaitable<std::string> database_path(Call call);

[[nodiscard]] asio::awaitable<std::string> resolve_tenant(Call call);
[[nodiscard]] asio::awaitable<std::string> resolve_database(Call call);

}  // namespace chroma::detail
