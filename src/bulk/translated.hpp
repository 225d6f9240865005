#pragma once

#include <chroma/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace chroma::bulk {

/// Awaits `op`, and throws the library's own error in place of Asio's `operation_aborted`.
/// @param owner what `op` uses, which is kept alive until it has ended
template <class T>
boost::asio::awaitable<T> translated(boost::asio::awaitable<T> op, std::shared_ptr<const void> owner) {
  static_cast<void>(owner);
  std::exception_ptr failure;
  try {
    co_return co_await std::move(op);
  } catch (...) {
    failure = std::current_exception();
  }
  throw detail::error_from(std::move(failure));
}

}  // namespace chroma::bulk
