#pragma once

#include <chroma/chroma.hpp>
#include <chroma/testing.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace chroma::test {

/// A fake server with a client, and a collection "books" for tests of records.
class FakeServerTest : public ::testing::Test {
 protected:
  template <class T>
  T run(boost::asio::awaitable<T> op) {
    return runtime.block_on(std::move(op));
  }
  /// The error of an operation that is expected to fail.
  template <class T>
  ChromaHttpClientError fail(boost::asio::awaitable<T> op) {
    auto result = runtime.block_on(as_result(std::move(op)));
    if (result.has_value()) ADD_FAILURE() << "the operation succeeded";
    return result.error();
  }
  ChromaCollection books() { return run(client.get_or_create_collection("books")); }

  testing::FakeServer server;
  Runtime runtime;
  ChromaHttpClient client{runtime.executor(), server.options()};
};

}  // namespace chroma::test
