// Faults on demand, counts of requests, and the destructor of the fake server.
#include "testing/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <memory>
#include <thread>

namespace chroma::test {
namespace {

using testing::FakeServer;
using testing::Fault;

class Faults : public FakeServerTest {
 protected:
  /// A client without retries.
  ChromaHttpClient once() {
    CallOptions options;
    options.retry = ChromaRetryOptions();
    options.retry->max_retries = 0;
    return client.with_options(options);
  }
};

TEST_F(Faults, TheNextRequestGetsTheStatus) {
  server.inject(Fault::respond(503));
  const auto error = fail(once().heartbeat());
  EXPECT_EQ(error.status(), 503);
  EXPECT_EQ(error.get_if<ApiError>()->name, "ChromaError");
  EXPECT_EQ(error.get_if<ApiError>()->message, "fault injected by FakeServer");
  EXPECT_GT(run(client.heartbeat()).nanosecond_heartbeat, 0U);
}

TEST_F(Faults, BodyAndHeadersOfTheResponse) {
  server.inject(Fault::respond(429)
                    .body("You have been rate limited.", "text/plain")
                    .retry_after(std::chrono::seconds(7)));
  const auto error = fail(once().heartbeat());
  EXPECT_EQ(error.get_if<ApiError>()->body, "You have been rate limited.");
  EXPECT_EQ(error.get_if<ApiError>()->retry_after, std::chrono::seconds(7));
}

TEST_F(Faults, RetriesPassThem) {
  server.inject(Fault::respond(503).times(2));
  EXPECT_GT(run(client.heartbeat()).nanosecond_heartbeat, 0U);
  EXPECT_EQ(server.calls("heartbeat"), 3U);
}

TEST_F(Faults, AtTheNthCallOfAnOperation) {
  server.inject(Fault::respond(500).operation("collection_count").nth(2));
  const auto collection = books();
  EXPECT_EQ(run(collection.count()), 0U);
  const auto counting = collection.with_options([] {
    CallOptions options;
    options.retry = ChromaRetryOptions();
    options.retry->max_retries = 0;
    return options;
  }());
  EXPECT_EQ(fail(counting.count()).status(), 500);
  EXPECT_EQ(run(collection.count()), 0U);
}

TEST_F(Faults, ByPath) {
  server.inject(Fault::respond(403).path("/collections/secret"));
  EXPECT_EQ(fail(client.get_collection("books")).status(), 404);
  EXPECT_EQ(fail(client.get_collection("secret")).status(), 403);
}

TEST_F(Faults, InTheOrderOfInjection) {
  server.inject(Fault::respond(403));
  server.inject(Fault::respond(409));
  EXPECT_EQ(fail(client.heartbeat()).status(), 403);
  EXPECT_EQ(fail(client.heartbeat()).status(), 409);
  EXPECT_GT(run(client.heartbeat()).nanosecond_heartbeat, 0U);
}

TEST_F(Faults, AWriteThatIsDroppedBeforeOrAfterItIsProcessed) {
  const auto collection = books();
  server.inject(Fault::drop().operation("collection_add"));
  EXPECT_TRUE(fail(collection.add(AddRequest({"a"}, {{1.0F}}))).is<RequestError>());
  EXPECT_EQ(run(collection.count()), 0U);
  server.inject(Fault::drop_response().operation("collection_add"));
  EXPECT_TRUE(fail(collection.add(AddRequest({"a"}, {{1.0F}}))).is<RequestError>());
  EXPECT_EQ(run(collection.count()), 1U);
}

TEST_F(Faults, ADelayEndsInTheTimeoutOfOneCallOnly) {
  for (const auto delay : {std::chrono::milliseconds(3'600'000), std::chrono::milliseconds::max()}) {
    server.inject(Fault::delay(delay).operation("heartbeat"));
    const auto late = fail(client.with_timeout(std::chrono::milliseconds(50)).heartbeat());
    ASSERT_TRUE(late.is<RequestError>());
    EXPECT_EQ(late.get_if<RequestError>()->stage, Stage::timeout);
    EXPECT_EQ(run(client.count_collections()), 0U);
  }
}

TEST_F(Faults, RequestsAreKeptAndForgotten) {
  const auto collection = books();
  run(collection.add(AddRequest({"a"}, {{1.0F}})));
  const auto last = server.requests().back();
  EXPECT_EQ(last.operation, "collection_add");
  EXPECT_EQ(last.method, "POST");
  EXPECT_TRUE(last.target.ends_with("/add"));
  EXPECT_NE(last.body.find("\"ids\":[\"a\"]"), std::string::npos);
  EXPECT_EQ(server.calls().at("collection_add"), 1U);
  server.forget_requests();
  EXPECT_EQ(server.calls("collection_add"), 0U);
  EXPECT_TRUE(server.requests().empty());
  EXPECT_EQ(run(collection.count()), 1U);
}

TEST_F(Faults, ResetLeavesNothing) {
  const auto collection = books();
  server.inject(Fault::respond(500));
  server.reset();
  EXPECT_EQ(run(client.count_collections()), 0U);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(Faults, TheServerEndsWhileRequestsAreOnTheirWay) {
  auto ending = std::make_unique<FakeServer>();
  const ChromaHttpClient other(runtime.executor(), ending->options());
  run(other.heartbeat());  // Its connection stays open.
  ending->inject(Fault::delay(std::chrono::hours(1)).operation("version"));
  auto waiting =
      boost::asio::co_spawn(runtime.executor(), as_result(other.version()), boost::asio::use_future);
  while (ending->calls("version") == 0) std::this_thread::yield();
  ending.reset();
  const auto result = waiting.get();
  ASSERT_FALSE(result.has_value());
  EXPECT_TRUE(result.error().is<RequestError>());
}

TEST_F(Faults, ManyConnectionsAtOnce) {
  const auto collection = books();
  std::vector<std::future<void>> writes;
  for (int i = 0; i < 200; ++i) {
    auto add = collection.add(AddRequest({"id" + std::to_string(i)}, {{static_cast<float>(i)}}));
    writes.push_back(boost::asio::co_spawn(runtime.executor(), std::move(add), boost::asio::use_future));
  }
  for (auto& write : writes) write.get();
  EXPECT_EQ(run(collection.count()), 200U);
  EXPECT_EQ(server.calls("collection_add"), 200U);
}

}  // namespace
}  // namespace chroma::test
