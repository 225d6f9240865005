// A failure, a cancellation, a deadline and the end of everything at each step of a call.

#include "transport_fixture.hpp"

#include <functional>

namespace chroma::transport {
namespace {

/// A kind of call. Its connections all follow one script, so that it can be repeated on any of them.
struct Scenario {
  const char* name;
  std::size_t steps;  ///< Connects, writes and reads of the call when nothing fails.
  std::vector<std::string> reads;
  std::size_t body_size;
  std::optional<std::size_t> bytes_a_write;
  bool kept;  ///< The first connection has served a call before.
};

const std::string moved = ScriptedNetwork::response(307, "", "location: /elsewhere\r\n");
const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";

const std::vector<std::string> pieces = {ok.substr(0, 10), ok.substr(10, 25), ok.substr(35)};

const Scenario scenarios[] = {
    {"OnANewConnection", 5, pieces, 4, {}, false},
    {"OnAKeptConnection", 4, pieces, 4, {}, true},
    {"AfterARedirect", 6, {moved, ok.substr(0, 20), ok.substr(20)}, 4, {}, false},
    {"WithAChunkedResponse",
     6,
     {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nf", "i\r\n2\r", "\nne\r\n0\r\n", "\r\n"},
     4,
     {},
     false},
    {"UploadingInPieces", 10, {interim, interim, interim, interim, ok}, 300, 100, false},
};

/// One replay of a scenario, up to the call itself.
struct Replay : TransportRig {
  Replay(const Scenario& scenario, bool read_only) {
    for (int i = 0; i < 4; ++i) {
      add_connection(scenario.reads);
      network->scripts.back().bytes_a_write = scenario.bytes_a_write;
    }
    make();
    if (scenario.kept) {
      network->scripts[0].reads.insert(network->scripts[0].reads.begin(), ok);
      call(read());
    }
    first_step = network->steps;
    what = request("POST", read_only, std::string(scenario.body_size, 'b'));
  }

  void hang_at(std::size_t step) { network->hang_at = first_step + step; }
  void start_and_hang() {
    start(std::move(what));
    run_until_hanging();
  }

  std::size_t first_step = 0;
  HttpRequest what;
};

class EveryStepTest : public testing::TestWithParam<Scenario> {};

INSTANTIATE_TEST_SUITE_P(Calls, EveryStepTest, testing::ValuesIn(scenarios),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(EveryStepTest, CountsItsSteps) {
  Replay run(GetParam(), false);
  EXPECT_TRUE(run.call(std::move(run.what)).has_value());
  EXPECT_EQ(run.network->steps - run.first_step, GetParam().steps);
  EXPECT_EQ(run.network->open_streams, 1u);
}

TEST_P(EveryStepTest, AFailureEndsAWriteUnlessThereIsAResponse) {
  for (std::size_t step = 0; step < GetParam().steps; ++step) {
    SCOPED_TRACE(step);
    Replay run(GetParam(), false);
    run.network->fail_at = run.first_step + step;
    const auto& result = run.call(std::move(run.what));
    if (result.has_value()) {
      EXPECT_EQ((*result).body.view(), "fine");
      EXPECT_EQ((*result).attempts, 1u);
      continue;
    }
    const Stage stage = TransportRig::error_of(result).stage;
    EXPECT_TRUE(stage == Stage::connect || stage == Stage::write || stage == Stage::read) << stage;
    EXPECT_EQ(result.error().attempts(), 1u);
    EXPECT_EQ(run.network->open_streams, 0u);
  }
}

TEST_P(EveryStepTest, AFailureOfAReadIsRetried) {
  for (std::size_t step = 0; step < GetParam().steps; ++step) {
    SCOPED_TRACE(step);
    Replay run(GetParam(), true);
    run.network->fail_at = run.first_step + step;
    const auto& result = run.call(std::move(run.what));
    ASSERT_TRUE(result.has_value()) << result.error().what();
    EXPECT_EQ((*result).body.view(), "fine");
    EXPECT_LE(run.network->connects, 2u);
    EXPECT_LE(run.network->open_streams, 1u);
  }
}

TEST_P(EveryStepTest, CancellationLeaksNothing) {
  for (std::size_t step = 0; step < GetParam().steps; ++step) {
    SCOPED_TRACE(step);
    Replay run(GetParam(), true);
    run.hang_at(step);
    run.start_and_hang();
    run.cancel(run.results.size() - 1);
    run.run();
    const auto& result = run.results.back();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(TransportRig::error_of(result).stage, Stage::cancelled);
    EXPECT_EQ(result.error().operation(), "collection_get");
    EXPECT_EQ(run.network->open_streams, 0u);
  }
}

TEST_P(EveryStepTest, TheDeadlineLeaksNothing) {
  for (std::size_t step = 0; step < GetParam().steps; ++step) {
    SCOPED_TRACE(step);
    Replay run(GetParam(), true);
    run.hang_at(step);
    CallLimits limits;
    limits.deadline = run.now + 5ms;  // The test's clock stands still, the watchdog's does not.
    const auto& result = run.call(std::move(run.what), limits);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(TransportRig::error_of(result).stage, Stage::timeout);
    EXPECT_EQ(run.network->open_streams, 0u);
  }
}

TEST_P(EveryStepTest, DestroyingTheContextDestroysTheCall) {
  for (std::size_t step = 0; step < GetParam().steps; ++step) {
    SCOPED_TRACE(step);
    Replay run(GetParam(), true);
    run.hang_at(step);
    run.start_and_hang();
    run.transport.reset();
    run.context.reset();
    EXPECT_EQ(run.network->open_streams, 0u);
    EXPECT_EQ(run.network.use_count(), 1);
  }
}

TEST_P(EveryStepTest, TheCallOutlivesTheTransport) {
  for (std::size_t step = 0; step < GetParam().steps; ++step) {
    SCOPED_TRACE(step);
    Replay run(GetParam(), true);
    run.hang_at(step);
    run.start_and_hang();
    run.transport.reset();
    run.cancel(run.results.size() - 1);
    run.run();
    EXPECT_EQ(TransportRig::error_of(run.results.back()).stage, Stage::cancelled);
    EXPECT_EQ(run.network->open_streams, 0u);
    EXPECT_EQ(run.network.use_count(), 1);
  }
}

}  // namespace
}  // namespace chroma::transport
