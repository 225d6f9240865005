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

}  // namespace
}  // namespace chroma::test
