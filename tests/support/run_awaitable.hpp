#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <utility>

namespace chroma::test {

/// Runs `op` alone on this thread until it has ended; returns its value or throws what it threw.
template <class T>
T run_awaitable(boost::asio::awaitable<T> op) {
  boost::asio::io_context context;
  auto done = boost::asio::co_spawn(context, std::move(op), boost::asio::use_future);
  context.run();
  return done.get();
}

}  // namespace chroma::test
