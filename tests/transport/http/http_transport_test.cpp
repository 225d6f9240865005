// Whole calls on a scripted network: what is sent, repeated, followed, told and given up.

#include "transport/http_transport.hpp"

#include "support/scripted_stream.hpp"

#include <chroma/error.hpp>
#include <chroma/result.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma::transport {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using test::ConnectionScript;
using test::ScriptedNetwork;

asio::awaitable<void> nothing() {
  co_return;
}

struct Seen {
  std::size_t attempt;
  int status;
  std::optional<Stage> failed;
  std::uint64_t sent;
  std::uint64_t received;
  bool reused;
  std::optional<milliseconds> delay;
};

class TransportTest : public testing::Test {
 protected:
  TransportTest() {
    options.origin.host = "server";
    options.origin.port = 1;
    options.observer = [this](const AttemptEvent& event) {
      seen.push_back({event.attempt, event.status, event.failed_stage, event.bytes_sent, event.bytes_received,
                      event.connection_reused, event.retry_delay});
    };
    environment.now = [this] { return now; };
    environment.random = [] { return 0.0; };
    environment.sleep_until = [this](Clock::time_point time) {
      sleeps.push_back(std::chrono::duration_cast<milliseconds>(time - now));
      now = time;
      return nothing();
    };
  }

  void add_connection(std::vector<std::string> reads) {
    ConnectionScript script;
    script.reads = std::move(reads);
    network->scripts.push_back(std::move(script));
  }

  HttpTransport& make() {
    return transport.emplace(context->get_executor(), test::make_scripted_connector(network), options,
                             environment);
  }

  static HttpRequest request(std::string method, bool read_only, std::string body = {}) {
    HttpRequest result;
    result.operation = "collection_get";
    result.method = std::move(method);
    result.target = "/api/v2/x?name=secret";
    result.headers = {{"x-chroma-token", "secret"}};
    result.read_only = read_only;
    result.body = core::Buffer(body);
    return result;
  }
  static HttpRequest read() { return request("GET", true); }
  static HttpRequest write() { return request("POST", false, "body"); }

  void start(HttpRequest what, CallLimits limits = CallLimits()) {
    results.emplace_back();
    signals.push_back(std::make_unique<asio::cancellation_signal>());
    asio::co_spawn(*context, as_result(transport->send(std::move(what), std::move(limits))),
                   asio::bind_cancellation_slot(signals.back()->slot(),
                                                [this, number = results.size() - 1](
                                                    std::exception_ptr fault, Result<HttpResponse> result) {
                                                  if (fault) std::rethrow_exception(fault);
                                                  results[number] = std::move(result);
                                                  ++ended;
                                                }));
  }

  /// Runs until nothing is pending: no timer, waiter or socket.
  void run() {
    context->restart();
    context->run();
  }

  const Result<HttpResponse>& call(HttpRequest what, CallLimits limits = CallLimits()) {
    start(std::move(what), std::move(limits));
    run();
    return results.back();
  }

  void cancel(std::size_t number) { signals[number]->emit(asio::cancellation_type::terminal); }

  void run_until_hanging() {
    context->restart();
    while (!network->hanging && context->poll_one() > 0) {
    }
    ASSERT_TRUE(network->hanging);
  }

  static const RequestError& error_of(const Result<HttpResponse>& result) {
    return *result.error().get_if<RequestError>();
  }

  std::unique_ptr<asio::io_context> context = std::make_unique<asio::io_context>();
  std::shared_ptr<ScriptedNetwork> network = std::make_shared<ScriptedNetwork>();
  TransportOptions options;
  Environment environment;
  Clock::time_point now = Clock::now();
  std::vector<milliseconds> sleeps;
  std::vector<Seen> seen;
  std::size_t ended = 0;
  std::vector<Result<HttpResponse>> results;
  std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
  std::optional<HttpTransport> transport;
};

const std::string ok = ScriptedNetwork::answer("fine");

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
      "POST /api/v2/x?name=secret HTTP/1.1\r\nhost: server:1\r\nx-chroma-token: secret\r\ncontent-length: "
      "4\r\n\r\nbody";
  EXPECT_EQ(network->written[0], once + once);
  EXPECT_EQ(network->connects, 1u);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_FALSE(seen[0].reused);
  EXPECT_TRUE(seen[1].reused);
  EXPECT_EQ(seen[1].sent, once.size());
  EXPECT_EQ(seen[1].received, ok.size());
}

TEST_F(TransportTest, AnswersOfAnyStatusAreAnswers) {
  for (const int status : {200, 204, 304, 400, 404, 500, 599}) {
    add_connection(
        {"HTTP/1.1 " + std::to_string(status) + " X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"});
  }
  make();
  for (const int status : {200, 204, 304, 400, 404, 500, 599}) EXPECT_EQ((*call(write())).status, status);
  EXPECT_EQ(network->connects, 7u);
}

TEST_F(TransportTest, TooManyRequestsIsRepeatedEvenForWrites) {
  const std::string busy = ScriptedNetwork::answer(429, "busy");
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

TEST_F(TransportTest, TheLastAnswerStaysWhenRetriesAreUsedUp) {
  add_connection(std::vector<std::string>(9, ScriptedNetwork::answer(503, "busy")));
  make();
  const auto& result = call(read());
  EXPECT_EQ((*result).status, 503);
  EXPECT_EQ((*result).attempts, 4u);
  EXPECT_EQ((*call(write())).attempts, 1u);
}

TEST_F(TransportTest, RetryAfterIsObeyed) {
  add_connection({ScriptedNetwork::answer(429, "", "retry-after: 20\r\n"), ok});
  make();
  EXPECT_EQ((*call(write())).status, 200);
  EXPECT_EQ(sleeps, (std::vector<milliseconds>{20s}));
}

TEST_F(TransportTest, AWaitBeyondTheDeadlineEndsTheCallAtOnce) {
  add_connection({ScriptedNetwork::answer(429, "", "retry-after: 20\r\n"), ok});
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

TEST_F(TransportTest, MalformedAnswersAreNotRetried) {
  add_connection({"rubbish\r\n\r\n"});
  make();
  const auto& result = call(read());
  EXPECT_EQ(error_of(result).stage, Stage::decode);
  EXPECT_EQ(result.error().attempts(), 1u);
  EXPECT_EQ(network->open_streams, 0u);
}

// Kept connections.

TEST_F(TransportTest, ADeadIdleConnectionIsReplacedUnseen) {
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

TEST_F(TransportTest, AKeptConnectionThatTakesNothingIsReplacedEvenForWrites) {
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

TEST_F(TransportTest, AKeptConnectionThatDiesWithoutAnAnswerIsReplacedForReadsOnly) {
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

TEST_F(TransportTest, BytesBehindAnAnswerNeverBecomeTheNext) {
  add_connection({ok + ScriptedNetwork::answer("forged")});
  add_connection({ok});
  make();
  EXPECT_EQ((*call(read())).body.view(), "fine");
  EXPECT_EQ((*call(read())).body.view(), "fine");
  EXPECT_EQ(network->connects, 2u);
}

TEST_F(TransportTest, AnEarlyAnswerEndsTheConnection) {
  add_connection({ScriptedNetwork::answer(413, "too much"), ok});
  network->scripts[0].write_limit = 10;
  make();
  EXPECT_EQ((*call(write())).status, 413);
  EXPECT_EQ(network->open_streams, 0u);
}

// Redirects.

TEST_F(TransportTest, RedirectsKeepMethodAndBody) {
  add_connection({ScriptedNetwork::answer(307, "", "location: /elsewhere?z=1\r\n"), ok});
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
  add_connection(std::vector<std::string>(20, ScriptedNetwork::answer(307, "", "location: /x\r\n")));
  make();
  EXPECT_EQ(error_of(call(read())).stage, Stage::decode);
  EXPECT_EQ(network->scripts[0].reads.size(), 9u);
}

TEST_F(TransportTest, CrossOriginRedirectsAreNotFollowed) {
  add_connection({ScriptedNetwork::answer(307, "", "location: http://evil:1/x\r\n"), ok});
  make();
  const auto& error = error_of(call(read()));
  EXPECT_NE(error.message.find("http://server:1"), std::string::npos);
  EXPECT_NE(error.message.find("http://evil:1"), std::string::npos);
  EXPECT_EQ(network->connects, 1u);
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
  add_connection({ScriptedNetwork::answer(503, "busy"), ok});
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

// Every step of a call on a new connection: connect, write, three reads. Afterwards nothing is left.

constexpr std::size_t steps_of_a_call = 5;

class EveryStepTest : public TransportTest, public testing::WithParamInterface<std::size_t> {
 protected:
  EveryStepTest() {
    for (int i = 0; i < 2; ++i) add_connection({ok.substr(0, 10), ok.substr(10, 25), ok.substr(35)});
  }
};

TEST_P(EveryStepTest, AFailureEndsAWrite) {
  network->fail_at = GetParam();
  if (GetParam() == 1) network->scripts[0].reads.clear();  // No early answer that would explain the failure.
  make();
  const auto& result = call(write());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().attempts(), 1u);
  EXPECT_EQ(network->open_streams, 0u);
  const Stage stages[] = {Stage::connect, Stage::write, Stage::read, Stage::read, Stage::read};
  EXPECT_EQ(error_of(result).stage, stages[GetParam()]);
}

TEST_P(EveryStepTest, AFailureIsRepeatedForAReader) {
  network->fail_at = GetParam();
  make();
  const auto& result = call(read());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ((*result).body.view(), "fine");
  EXPECT_LE(network->open_streams, 1u);
}

TEST_P(EveryStepTest, CancellationLeavesNothing) {
  network->hang_at = GetParam();
  make();
  start(read());
  run_until_hanging();
  cancel(0);
  run();
  ASSERT_FALSE(results[0].has_value());
  EXPECT_EQ(error_of(results[0]).stage, Stage::cancelled);
  EXPECT_EQ(results[0].error().operation(), "collection_get");
  EXPECT_EQ(network->open_streams, 0u);
}

TEST_P(EveryStepTest, TheDeadlineLeavesNothing) {
  network->hang_at = GetParam();
  environment.now = nullptr;
  make();
  CallLimits limits;
  limits.deadline = Clock::now() + 5ms;
  const auto& result = call(read(), limits);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(error_of(result).stage, Stage::timeout);
  EXPECT_EQ(network->open_streams, 0u);
}

TEST_P(EveryStepTest, DestroyingTheContextDestroysTheCall) {
  network->hang_at = GetParam();
  make();
  start(read());
  run_until_hanging();
  transport.reset();
  context.reset();
  EXPECT_EQ(network->open_streams, 0u);
  EXPECT_EQ(network.use_count(), 1);
}

TEST_P(EveryStepTest, TheCallOutlivesTheTransport) {
  network->hang_at = GetParam();
  make();
  start(read());
  run_until_hanging();
  transport.reset();
  cancel(0);
  run();
  EXPECT_EQ(error_of(results[0]).stage, Stage::cancelled);
  EXPECT_EQ(network->open_streams, 0u);
  EXPECT_EQ(network.use_count(), 1);
}

INSTANTIATE_TEST_SUITE_P(Steps, EveryStepTest, testing::Range(std::size_t(0), steps_of_a_call));

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
  environment.now = nullptr;
  add_connection({ok});
  network->hang_at = 1;
  make();
  start(write());
  run_until_hanging();
  CallLimits limits;
  limits.deadline = Clock::now() + 5ms;
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

TEST_F(TransportTest, TheContextMayGoWithCallsInTheQueue) {
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
  environment.sleep_until = nullptr;
  add_connection({ScriptedNetwork::answer(429, "", "retry-after: 3600\r\n")});
  make();
  start(write());
  context->poll();
  EXPECT_EQ(seen.size(), 1u);
  cancel(0);
  run();
  EXPECT_EQ(error_of(results[0]).stage, Stage::cancelled);
}

TEST_F(TransportTest, AnAbsurdRetryAfterDoesNotOverflow) {
  add_connection({ScriptedNetwork::answer(429, "", "retry-after: 99999999999999999999\r\n")});
  add_connection({ok});  // The first one has been idle for too long by then.
  make();
  EXPECT_EQ((*call(write())).status, 200);
  ASSERT_EQ(sleeps.size(), 1u);
  EXPECT_GT(sleeps[0], 24h * 365);
}

TEST_F(TransportTest, ACallNeverAwaitedCostsNothing) {
  make();
  { const auto unused = transport->send(read(), CallLimits()); }
  EXPECT_EQ(network->steps, 0u);
}

}  // namespace
}  // namespace chroma::transport
