#pragma once

#include "support/mock_server.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <string>

namespace chroma::test {

inline constexpr const char* collection_id = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// A collection as a server sends it.
inline std::string collection_json(const std::string& name = "abc", const std::string& extra = "") {
  return R"({"id":")" + std::string(collection_id) + R"(","name":")" + name +
         R"(","configuration_json":{},"tenant":"tn1","database":"db1","log_position":0,"version":0)" + extra +
         "}";
}

/// Options for a mock server: tenant and database fixed, no waits between retries.
inline ChromaHttpClientOptions options_for(const MockServer& server) {
  ChromaHttpClientOptions options;
  options.endpoint = server.url();
  options.tenant_id = "t";
  options.database_name = "d";
  options.proxy = "";
  options.retry_options.min_delay = std::chrono::milliseconds(0);
  options.retry_options.jitter = false;
  return options;
}

/// A mock server, a runtime, and clients of the server on the runtime's executor.
class ClientTest : public ::testing::Test {
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
  [[nodiscard]] ChromaHttpClient client() {
    return ChromaHttpClient(runtime.executor(), options_for(server));
  }
  /// A handle of collection "abc". The requests that fetched it are forgotten.
  [[nodiscard]] ChromaCollection collection() { return collection(client()); }
  [[nodiscard]] ChromaCollection collection(const ChromaHttpClient& from) {
    server.respond(Reply(200, collection_json()));
    auto handle = run(from.get_collection("abc"));
    server.respond(Reply());
    server.forget();
    return handle;
  }

  MockServer server;
  Runtime runtime;
};

}  // namespace chroma::test
