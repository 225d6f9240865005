#pragma once

#include "client/client_state.hpp"
#include "client/operations.hpp"
#include "client/path.hpp"
#include "codec/codec.hpp"
#include "core/buffer.hpp"
#include "json/any_json.hpp"
#include "transport/http_message.hpp"

#include <chroma/error.hpp>
#include <chroma/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace chroma::detail {

/// @throws ChromaHttpClientError with ValidationError for a handle that has been moved from
[[nodiscard]] const ClientState& require_client(const std::shared_ptr<const ClientState>& state);

/// One call of the API: the client that it belongs to, the operation, and the limits of all its requests.
struct Call {
  using Source = std::shared_ptr<const ClientState>;

  /// @throws ChromaHttpClientError with ValidationError if the handle has been moved from
  Call(const Operation& op, Source client);

  /// Begins the time of the call anew. The time that an embedding function takes does not count, because a
  /// function has a deadline of its own.
  void restart_deadline();

  Source state;
  Operation operation;
  transport::Clock::time_point deadline;
  ChromaRetryOptions retry;
};

/// A request without a body.
struct NoBody {};
/// A request without a query string.
struct NoQuery {};

[[nodiscard]] inline std::string to_query(NoQuery) {
  return {};
}

/// A request's body as it is sent. The transport shares it, so that it can be sent again.
using SharedBody = std::shared_ptr<const core::Buffer>;

/// Encodes a body. The parameter is destroyed at the end of the call, so that only the encoded text is in
/// memory while it is sent.
template <class Body>
[[nodiscard]] SharedBody encode_body(Body body) {
  return std::make_shared<const core::Buffer>(codec::encode(body));
}

/// Sends one request to the backend and returns the response, whatever its status.
/// @param path_and_query below "/api/v2", percent-encoded
/// @param body JSON; null for a request without a body
[[nodiscard]] asio::awaitable<transport::HttpResponse> exchange(const Call& call, std::string path_and_query,
                                                                SharedBody body);

/// @throws ChromaHttpClientError with ApiError unless the status is 2xx
void require_success(const transport::HttpResponse& response, const Operation& operation);

/// Throws a decoder's error with the attempts of the call; or, if the body is not JSON at all, a RequestError
/// that says so.
[[noreturn]] void throw_undecodable(const ChromaHttpClientError& error,
                                    const transport::HttpResponse& response);

template <class Response>
[[nodiscard]] Response decode_response(const transport::HttpResponse& response) {
  try {
    return codec::decode<Response>(response.body.view());
  } catch (const ChromaHttpClientError& error) {
    throw_undecodable(error, response);
  }
}

/// Sends one request and decodes its response. All requests of the client use this function, except the
/// health check, whose response may have a status of 503.
template <class Body, class Query, class Response>
[[nodiscard]] asio::awaitable<Response> send(Call call, Path path, Body body, Query query) {
  SharedBody json;
  if constexpr (!std::is_same_v<Body, NoBody>) json = encode_body(std::move(body));
  const auto response = co_await exchange(call, path.text() + to_query(query), std::move(json));
  require_success(response, call.operation);
  if constexpr (std::is_void_v<Response>) {
    // A successful response whose body is not JSON comes from a gateway, and the write may have been lost.
    static_cast<void>(decode_response<json::AnyJson>(response));
  } else {
    co_return decode_response<Response>(response);
  }
}

/// A request without body and query.
template <class Response>
[[nodiscard]] asio::awaitable<Response> send(Call call, Path path) {
  return send<NoBody, NoQuery, Response>(std::move(call), std::move(path), NoBody(), NoQuery());
}

/// A request with a body and without a query.
template <class Response, class Body>
[[nodiscard]] asio::awaitable<Response> send(Call call, Path path, Body body) {
  return send<Body, NoQuery, Response>(std::move(call), std::move(path), std::move(body), NoQuery());
}

/// Throws the failure of an operation as ChromaHttpClientError that names the operation. Lack of memory and
/// mistakes in the program keep their type.
[[noreturn]] void throw_with_operation(std::exception_ptr failure, const Operation& operation);

/// Runs `function(Context(operation, source), args...)` when it is awaited, so that every error is a
/// ChromaHttpClientError that names the operation.
template <class T, class Context, class... Parameters>
[[nodiscard]] asio::awaitable<T> run_operation(Operation operation, typename Context::Source source,
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
  throw_with_operation(std::move(failure), operation);
}

}  // namespace chroma::detail
