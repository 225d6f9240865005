#pragma once

#include "client/fixture.hpp"
#include "golden/golden.hpp"

#include <chroma/chroma.hpp>

#include <string>
#include <utility>

namespace golden {

/// A mock server and a client of it, for tests without a fixture class.
struct Bench {
  explicit Bench(const std::string& path = "") : options(chroma::test::options_for(server)) {
    options.endpoint += path;
  }

  template <class T>
  T run(boost::asio::awaitable<T> op) {
    return runtime.block_on(std::move(op));
  }
  template <class T>
  std::string text_of(boost::asio::awaitable<T> op) {
    return outcome([&] { run(std::move(op)); });
  }
  chroma::ChromaHttpClient client() { return chroma::ChromaHttpClient(runtime.executor(), options); }
  chroma::ChromaCollection collection() {
    server.respond(chroma::test::Reply(200, chroma::test::collection_json()));
    auto handle = run(client().get_collection("abc"));
    server.respond(chroma::test::Reply());
    server.forget();
    return handle;
  }

  chroma::test::MockServer server;
  chroma::Runtime runtime;
  chroma::ChromaHttpClientOptions options;
};

}  // namespace golden
