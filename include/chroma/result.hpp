#pragma once

/// @file
/// `as_result`: the outcome of an operation as a value instead of an exception.

#include <chroma/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <utility>

namespace chroma {

namespace detail {
/// Converts an exception: a `ChromaHttpClientError` is returned unchanged, Asio's `operation_aborted` becomes
/// a `RequestError` with `Stage::cancelled`, and any other exception is rethrown.
[[nodiscard]] CHROMA_API ChromaHttpClientError error_from(std::exception_ptr failure);
}  // namespace detail

/// Awaits `op` and returns its value or its error: `auto r = co_await as_result(client.heartbeat());`. Asio's
/// `operation_aborted`, with which the awaiting coroutine itself is cancelled, becomes a `RequestError` with
/// `Stage::cancelled`. Other exceptions than these and `ChromaHttpClientError` are thrown.
///
/// An operand of Asio's `&&` or `||` of awaitables should be such an operation: if both operands throw, Asio
/// throws `boost::asio::multiple_exceptions`, which no handler of `ChromaHttpClientError` catches.
template <class T>
[[nodiscard]] boost::asio::awaitable<Result<T>> as_result(boost::asio::awaitable<T> op) {
  std::exception_ptr failure;
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(op);
      co_return Result<T>(std::monostate());
    } else {
      co_return Result<T>(co_await std::move(op));
    }
  } catch (...) {
    failure = std::current_exception();
  }
  co_return Result<T>(detail::error_from(std::move(failure)));
}

}  // namespace chroma
