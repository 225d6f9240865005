// Whole calls on a scripted network: what is sent, repeated, followed, told and given up.

#include "transport_fixture.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chroma::transport {
namespace {

TEST_F(TransportTest, SendsAndKeepsTheConnection) {
  add_connection({ok, ok});
  make();
  for (int i = 0; i < 2; ++i) {
    const auto& result = call(write());
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ((*result).body.view(), "fine");
    EXPECT_EQ((*result).attempts, 1u);
  }
  const std::string once =
      "POST /api/v2/x?name=secret HTTP/1.1\r\nhost: server:1\r\n"
      "x-chroma-token: secret\r\ncontent-length: 4\r\n\r\nbody";
  EXPECT_EQ(network->written[0], once + once);
  EXPECT_EQ(network->connects, 1u);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_FALSE(seen[0].reused);
  EXPECT_TRUE(seen[1].reused);
  EXPECT_EQ(seen[1].sent, once.size());
  EXPECT_EQ(seen[1].received, ok.size());
}

TEST_F(TransportTest, ResponsesOfAnyStatusAreReturned) {
  for (const int status : {200, 204, 304, 400, 404, 500, 599}) {
    add_connection(
        {"HTTP/1.1 " + std::to_string(status) + " X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"});
  }
  make();
  for (const int status : {200, 204, 304, 400, 404, 500, 599}) EXPECT_EQ((*call(write())).status, status);
  EXPECT_EQ(network->connects, 7u);
}

TEST_F(TransportTest, TooManyRequestsIsRetriedEvenForWrites) {
  const std::string busy = ScriptedNetwork::response(429, "busy");
  add_connection({busy, busy, ok});
  make();
  const auto& result = call(write());
  EXPECT_EQ((*result).status, 200);
  EXPECT_EQ((*result).attempts, 3u);
  EXPECT_EQ(sleeps, (std::vector{200ms, 400ms}));
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].delay, 200ms);
  EXPECT_EQ(seen[1].attempt, 2u);
  EXPECT_EQ(seen[2].delay, std::nullopt);
}

TEST_F(TransportTest, TheLastResponseIsReturnedWhenRetriesAreUsedUp) {
  add_connection(std::vector<std::string>(9, ScriptedNetwork::response(503, "busy")));
  make();
  const auto& result = call(read());
  EXPECT_EQ((*result).status, 503);
  EXPECT_EQ((*result).attempts, 4u);
  EXPECT_EQ((*call(write())).attempts, 1u);
}

TEST_F(TransportTest, RetryAfterIsObeyed) {
  add_connection({ScriptedNetwork::response(429, "", "retry-after: 20\r\n"), ok});
  make();
  EXPECT_EQ((*call(write())).status, 200);
  EXPECT_EQ(sleeps, (std::vector<milliseconds>{20s}));
}

TEST_F(TransportTest, AWaitBeyondTheDeadlineEndsTheCallAtOnce) {
  add_connection({ScriptedNetwork::response(429, "", "retry-after: 20\r\n"), ok});
  make();
  CallLimits limits;
  limits.deadline = now + 19s;
  EXPECT_EQ((*call(write(), limits)).status, 429);
  EXPECT_TRUE(sleeps.empty());
}

TEST_F(TransportTest, NothingIsSentAfterTheDeadline) {
  add_connection({ok});
  make();
  CallLimits limits;
  limits.deadline = now;
  EXPECT_EQ(error_of(call(read(), limits)).stage, Stage::timeout);
  EXPECT_EQ(network->connects, 0u);
  EXPECT_EQ(seen.size(), 1u);
}

TEST_F(TransportTest, RefusedConnectionsAreRetriedForReadsOnly) {
  make();
  const auto& reading = call(read());
  EXPECT_EQ(error_of(reading).stage, Stage::connect);
  EXPECT_EQ(reading.error().attempts(), 4u);
  EXPECT_EQ(reading.error().operation(), "collection_get");
  EXPECT_EQ(call(write()).error().attempts(), 1u);
}

TEST_F(TransportTest, MalformedResponsesAreNotRetried) {
  add_connection({"rubbish\r\n\r\n"});
  make();
  const auto& result = call(read());
  EXPECT_EQ(error_of(result).stage, Stage::decode);
  EXPECT_EQ(result.error().attempts(), 1u);
  EXPECT_EQ(network->open_streams, 0u);
}

// Kept connections.

TEST_F(TransportTest, AClosedIdleConnectionIsReplaced) {
  add_connection({ok});
  add_connection({ok});
  make();
  call(write());
  network->scripts[0].dead_when_idle = true;
  const auto& result = call(write());
  EXPECT_EQ((*result).attempts, 1u);
  EXPECT_EQ(seen.size(), 2u);
  EXPECT_EQ(network->connects, 2u);
}

TEST_F(TransportTest, A408ThatCrossesARequestOnAKeptConnectionIsRepeatedOnANewOne) {
  const std::string timed_out = ScriptedNetwork::response(408, "idle", "connection: close\r\n");
  add_connection({ok, timed_out});
  add_connection({ok, timed_out});
  add_connection({timed_out});
  make();
  call(write());
  const auto& repeated = call(write());
  ASSERT_TRUE(repeated.has_value());
  EXPECT_EQ((*repeated).status, 200);
  EXPECT_EQ((*repeated).attempts, 1u);
  EXPECT_EQ(network->connects, 2u);
  // On a new connection it is the response.
  const auto& final_one = call(write());
  ASSERT_TRUE(final_one.has_value());
  EXPECT_EQ((*final_one).status, 408);
  EXPECT_EQ(network->connects, 3u);
}

TEST_F(TransportTest, AKeptConnectionThatAcceptsNoBytesIsReplacedEvenForWrites) {
  add_connection({ok, ok});
  add_connection({ok});
  make();
  call(write());
  network->scripts[0].reads.clear();
  network->fail_at = network->steps;  // The write.
  const auto& result = call(write());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ((*result).attempts, 1u);
  EXPECT_EQ(network->connects, 2u);
  EXPECT_EQ(seen.size(), 2u);
  EXPECT_FALSE(seen[1].reused);
}

TEST_F(TransportTest, AKeptConnectionLostWithoutAResponseIsReplacedForReadsOnly) {
  add_connection({ok});
  add_connection({ok});
  make();
  call(read());
  const auto& reading = call(read());
  ASSERT_TRUE(reading.has_value());
  EXPECT_EQ((*reading).attempts, 1u);
  EXPECT_EQ(network->connects, 2u);
  const auto& writing = call(write());
  ASSERT_FALSE(writing.has_value());
  EXPECT_EQ(error_of(writing).stage, Stage::read);
  EXPECT_EQ(writing.error().attempts(), 1u);
  EXPECT_EQ(network->connects, 2u);
}

TEST_F(TransportTest, ExtraBytesAfterAResponseAreNotUsedForTheNext) {
  add_connection({ok + ScriptedNetwork::response("forged")});
  add_connection({ok});
  make();
  EXPECT_EQ((*call(read())).body.view(), "fine");
  EXPECT_EQ((*call(read())).body.view(), "fine");
  EXPECT_EQ(network->connects, 2u);
}

TEST_F(TransportTest, AnEarlyResponseEndsTheConnection) {
  add_connection({ScriptedNetwork::response(413, "too much"), ok});
  network->scripts[0].write_limit = 10;
  make();
  EXPECT_EQ((*call(write())).status, 413);
  EXPECT_EQ(network->open_streams, 0u);
}

// Redirects.

TEST_F(TransportTest, RedirectsKeepMethodAndBody) {
  add_connection({ScriptedNetwork::response(307, "", "location: /elsewhere?z=1\r\n"), ok});
  make();
  EXPECT_EQ((*call(write())).status, 200);
  EXPECT_NE(network->written[0].find("body"
                                     "POST /elsewhere?z=1 HTTP/1.1\r\n"),
            std::string::npos);
  EXPECT_TRUE(network->written[0].ends_with("\r\n\r\nbody"));
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].sent, network->written[0].size());
}

TEST_F(TransportTest, RedirectLoopsEndAfterTen) {
  add_connection(std::vector<std::string>(20, ScriptedNetwork::response(307, "", "location: /x\r\n")));
  make();
  EXPECT_EQ(error_of(call(read())).stage, Stage::decode);
  EXPECT_EQ(network->scripts[0].reads.size(), 9u);
}

TEST_F(TransportTest, CrossOriginRedirectsAreNotFollowed) {
  add_connection({ScriptedNetwork::response(307, "", "location: http://evil:1/x\r\n"), ok});
  make();
  const auto& error = error_of(call(read()));
  EXPECT_NE(error.message.find("http://server:1"), std::string::npos);
  EXPECT_NE(error.message.find("http://evil:1"), std::string::npos);
  EXPECT_EQ(network->connects, 1u);
}

TEST_F(TransportTest, AKeptConnectionThatDiesAfterARedirectIsReplacedOnce) {
  add_connection({ScriptedNetwork::response(307, "", "location: /x\r\n")});
  add_connection({ok});
  make();
  const auto& result = call(read());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ((*result).body.view(), "fine");
  EXPECT_EQ((*result).attempts, 1u);
  EXPECT_EQ(network->connects, 2u);
}

TEST_F(TransportTest, ADeadReplacementIsAFailedAttempt) {
  CallLimits once;
  once.retry.max_retries = 0;
  for (int i = 0; i < 3; ++i) add_connection({});
  network->scripts[0].reads = {ok};
  make();
  call(read());
  EXPECT_EQ(error_of(call(read(), once)).stage, Stage::read);
  EXPECT_EQ(network->connects, 2u);
}

TEST_F(TransportTest, ABrokenResponseAfterARedirectEndsTheConnection) {
  add_connection({ScriptedNetwork::response(307, "", "location: /x\r\n"), "rubbish\r\n\r\n",
                  ScriptedNetwork::response("forged")});
  add_connection({ok});
  make();
  EXPECT_EQ(error_of(call(read())).stage, Stage::decode);
  EXPECT_EQ(network->open_streams, 0u);
  EXPECT_EQ((*call(read())).body.view(), "fine");
}

// Observer and log.

TEST_F(TransportTest, AThrowingObserverChangesNothing) {
  add_connection({ok});
  std::vector<std::string> lines;
  options.observer = [](const AttemptEvent&) { throw std::runtime_error("observer"); };
  options.logger = Logger([&](LogLevel, std::string_view line) { lines.emplace_back(line); });
  make();
  EXPECT_TRUE(call(read()).has_value());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[1].find("observer"), std::string::npos);
}

TEST_F(TransportTest, LogLinesNameTheAttemptAndNoSecret) {
  add_connection({ScriptedNetwork::response(503, "busy"), ok});
  std::vector<std::pair<LogLevel, std::string>> lines;
  options.logger = Logger([&](LogLevel level, std::string_view line) { lines.emplace_back(level, line); });
  make();
  call(read());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].first, LogLevel::warn);
  EXPECT_NE(lines[0].second.find("200 ms"), std::string::npos);
  EXPECT_EQ(lines[1].first, LogLevel::trace);
  for (const auto& [level, line] : lines) {
    EXPECT_NE(line.find("collection_get"), std::string::npos);
    EXPECT_NE(line.find("GET /api/v2/x"), std::string::npos);
    EXPECT_EQ(line.find("secret"), std::string::npos);
  }
}

// Waiting for a connection, and between attempts.

TEST_F(TransportTest, CallsBeyondTheLimitWaitAndCanBeCancelled) {
  options.max_connections = 1;
  add_connection({ok, ok});
  network->hang_at = 1;
  make();
  start(read());
  run_until_hanging();
  start(read());
  start(read());
  context->poll();
  EXPECT_EQ(network->connects, 1u);
  cancel(1);
  context->poll();
  ASSERT_FALSE(results[1].has_value());
  EXPECT_EQ(error_of(results[1]).stage, Stage::cancelled);
  network->scripts.push_back(network->scripts[0]);
  cancel(0);
  run();
  EXPECT_EQ(error_of(results[0]).stage, Stage::cancelled);
  EXPECT_TRUE(results[2].has_value());
}

TEST_F(TransportTest, AWaiterGivesUpAtItsDeadline) {
  options.max_connections = 1;
  add_connection({ok});
  network->hang_at = 1;
  make();
  start(write());
  run_until_hanging();
  CallLimits limits;
  limits.deadline = now + 5ms;  // The test's clock stands still; the wait for a connection uses the real one.
  start(write(), limits);
  context->restart();
  while (ended < 1 && context->run_one() > 0) {
  }
  EXPECT_EQ(error_of(results[1]).stage, Stage::timeout);
  EXPECT_NE(error_of(results[1]).message.find("max_connections"), std::string::npos);
  cancel(0);
  run();
  EXPECT_EQ(network->open_streams, 0u);
}

TEST_F(TransportTest, TheContextMayBeDestroyedWithQueuedCalls) {
  options.max_connections = 1;
  add_connection({ok});
  network->hang_at = 1;
  make();
  for (int i = 0; i < 4; ++i) start(read());
  run_until_hanging();
  context->poll();
  transport.reset();
  context.reset();
  EXPECT_EQ(network.use_count(), 1);
}

TEST_F(TransportTest, TheWaitBetweenAttemptsCanBeCancelled) {
  hooks.sleep_until = nullptr;
  add_connection({ScriptedNetwork::response(429, "", "retry-after: 30\r\n")});
  make();
  start(write());
  context->poll();
  EXPECT_EQ(seen.size(), 1u);
  cancel(0);
  run();
  EXPECT_EQ(error_of(results[0]).stage, Stage::cancelled);
}

TEST_F(TransportTest, AnAbsurdRetryAfterDoesNotOverflow) {
  add_connection({ScriptedNetwork::response(429, "", "retry-after: 99999999999999999999\r\n")});
  add_connection({ok});  // The first one has been idle for too long by then.
  make();
  CallLimits patient;
  patient.retry.max_retry_after = milliseconds::max();
  EXPECT_EQ((*call(write(), patient)).status, 200);
  ASSERT_EQ(sleeps.size(), 1u);
  EXPECT_GT(sleeps[0], 24h * 365);
}

TEST_F(TransportTest, TheBodyIsNotCopied) {
  add_connection({ok});
  make();
  HttpRequest upload = request("POST", false, std::string(1'000'000, 'x'));
  const void* body = upload.body->view().data();
  EXPECT_TRUE(call(std::move(upload)).has_value());
  EXPECT_NE(std::find(network->sources.begin(), network->sources.end(), body), network->sources.end());
}

TEST_F(TransportTest, ACallThatIsNeverAwaitedSendsNothing) {
  make();
  { const auto unused = transport->request(read(), CallLimits()); }
  EXPECT_EQ(network->steps, 0u);
}

}  // namespace
}  // namespace chroma::transport
