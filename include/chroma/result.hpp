#pragma once

/// @file
/// `co_await as_result(op)`: an operation's outcome as a value instead of an exception.

#include <chroma/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <utility>

namespace chroma {

namespace detail {
/// Turns the current exception into the library's error: a `ChromaHttpClientError` stays as it is, Asio's
/// `operation_aborted` becomes `RequestError{Stage::cancelled}`; anything else is thrown on.
[[nodiscard]] CHROMA_API ChromaHttpClientError error_from(std::exception_ptr failure);
}  // namespace detail

/// Awaits `op` and hands back its value or its error; throws neither the library's errors nor Asio's
/// `operation_aborted`, which becomes `RequestError` with `Stage::cancelled`.
template <class T>
boost::asio::awaitable<Result<T>> as_result(boost::asio::awaitable<T> op) {
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
