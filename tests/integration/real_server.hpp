#pragma once

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

namespace chroma::test {

/// The endpoint of the Chroma server that scripts/test started. The tests fail without it.
inline std::string endpoint(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') {
    throw std::runtime_error(std::string(variable) +
                             " is not set: these tests need a Chroma server, which scripts/test starts");
  }
  return value;
}

inline ChromaHttpClientOptions real_options(const char* variable = "CHROMA_TEST_ENDPOINT") {
  ChromaHttpClientOptions options;
  options.endpoint = endpoint(variable);
  options.tenant_id = "default_tenant";
  options.database_name = "default_database";
  options.proxy = "";
  return options;
}

/// A name that no other run uses.
inline std::string fresh_name(const std::string& prefix) {
  static std::random_device random;
  return prefix + "-" + std::to_string(random()) + std::to_string(random());
}

/// A client of the Chroma server and a database for this test, which is deleted at its end.
class RealServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    run(client.create_database(database));
    client.set_database_name(database);
  }
  void TearDown() override { static_cast<void>(run(as_result(client.delete_database(database)))); }

  template <class T>
  T run(boost::asio::awaitable<T> op) {
    return runtime.block_on(std::move(op));
  }
  template <class T>
  ChromaHttpClientError fail(boost::asio::awaitable<T> op) {
    auto result = runtime.block_on(as_result(std::move(op)));
    if (result.has_value()) ADD_FAILURE() << "the operation succeeded";
    return result.error();
  }
  ChromaCollection make_collection() { return run(client.create_collection(fresh_name("test"))); }

  const std::string database = fresh_name("db");
  Runtime runtime;
  ChromaHttpClient client{runtime.executor(), real_options()};
};

}  // namespace chroma::test
