// Random operations: the fake server sends the same responses as a real server.
#include "integration/real_server.hpp"
#include "testing/exchange.hpp"
#include "testing/random_operations.hpp"

#include <chroma/testing.hpp>

#include <sstream>

namespace chroma::test {
namespace {

/// The environment variable CHROMA_TEST_SEEDS replaces the seeds of CI by others, separated by blanks.
std::vector<std::uint64_t> seeds() {
  const char* value = std::getenv("CHROMA_TEST_SEEDS");
  std::istringstream text(value == nullptr ? "1 2 3" : value);
  return {std::istream_iterator<std::uint64_t>(text), {}};
}

TEST(SameAsReal, RandomOperations) {
  for (const auto seed : seeds()) {
    testing::FakeServer fake_server;
    Peer real(endpoint("CHROMA_TEST_ENDPOINT"));
    Peer fake(fake_server.endpoint());
    const auto database = fresh_name("fake");
    const auto both = [&](const Exchange& exchange) {
      return difference(exchange, real.send(exchange), fake.send(exchange));
    };
    ASSERT_EQ(both({"POST", "/api/v2/tenants/default_tenant/databases", R"({"name":")" + database + "\"}"}),
              "");
    RandomOperations operations(seed, database);
    const char* count = std::getenv("CHROMA_TEST_OPERATIONS");
    for (int i = 0; i < (count == nullptr ? 400 : std::atoi(count)); ++i) {
      ASSERT_EQ(both(operations.next()), "") << "operation " << i << " of seed " << seed;
    }
  }
}

TEST(SameAsReal, TheFunctionNamedDefaultCountsAsNone) {
  testing::FakeServer fake_server;
  Peer real(endpoint("CHROMA_TEST_ENDPOINT"));
  Peer fake(fake_server.endpoint());
  const auto database = "/api/v2/tenants/default_tenant/databases/default_database/collections";
  const std::string function = R"("embedding_function":{"type":"known","name":"default","config":{}})";
  const auto index = [&](const std::string& space) {
    return R"({"float_list":{"vector_index":{"enabled":true,"config":{"space":")" + space + "\"," + function +
           "}}}}";
  };
  const auto schema = [&](const std::string& space) {
    return R"("schema":{"defaults":{},"keys":{"#embedding":)" + index(space) + "}}";
  };
  const auto configuration = "\"configuration\":{" + function + "}";
  const auto name = "\"name\":\"" + fresh_name("default") + "-";
  int number = 0;
  for (const auto& members : {schema("l2"), schema("cosine"), configuration,
                              schema("l2") + "," + configuration, schema("cosine") + "," + configuration}) {
    const Exchange create{"POST", database, "{" + name + std::to_string(number++) + "\"," + members + "}"};
    EXPECT_EQ(difference(create, real.send(create), fake.send(create)), "") << members;
  }
}

}  // namespace
}  // namespace chroma::test
