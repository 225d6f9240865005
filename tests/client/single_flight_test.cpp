// One fetch for several callers: who fetches, who waits, and which failures are shared.
#include "client/single_flight.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

namespace chroma::test {
namespace {

namespace asio = boost::asio;
using Flight = detail::SingleFlight<int>;

constexpr auto no_deadline = std::chrono::steady_clock::time_point::max();

bool is_timeout(const RequestError& failure) {
  return failure.stage == Stage::timeout;
}

class SingleFlightTest : public ::testing::Test {
 protected:
  /// Fetches that fail with `stage` `failing` times, then give 42.
  Flight::Fetch fetch_failing(int failing, Stage stage) {
    return [this, failing, stage]() -> asio::awaitable<int> {
      ++fetched;
      const bool fails = fetched <= failing;
      co_await asio::post(asio::use_awaitable);
      if (fails) throw ChromaHttpClientError(RequestError{stage, {}, "as told"});
      co_return 42;
    };
  }
  void call(const Flight::Fetch& fetch, int times) {
    const auto count = [this](std::exception_ptr failure, std::optional<int> value) {
      failures += failure ? 1 : 0;
      right += value == 42 ? 1 : 0;
    };
    for (int i = 0; i < times; ++i) {
      asio::co_spawn(context, Flight::get(flight, fetch, no_deadline, is_timeout), count);
    }
    context.run();
    context.restart();
  }

  asio::io_context context;
  std::shared_ptr<Flight> flight = std::make_shared<Flight>();
  int fetched = 0;
  int failures = 0;
  int right = 0;
};

TEST_F(SingleFlightTest, AllWaitersGetTheFailure) {
  const auto fetch = fetch_failing(1, Stage::connect);
  call(fetch, 5);
  EXPECT_EQ(failures, 5);
  EXPECT_EQ(fetched, 1);
  // Failures are not kept.
  call(fetch, 1);
  EXPECT_EQ(right, 1);
  EXPECT_EQ(flight->cached(), 42);
}

TEST_F(SingleFlightTest, AFailureThatConcernsOnlyTheLeaderIsNotShared) {
  call(fetch_failing(1, Stage::timeout), 5);
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(right, 4);
  EXPECT_EQ(fetched, 2);
}

TEST_F(SingleFlightTest, AWaiterHasItsOwnDeadline) {
  core::Signal gate;
  const Flight::Fetch fetch = [&]() -> asio::awaitable<int> {
    static_cast<void>(co_await gate.wait(no_deadline));
    co_return 1;
  };
  std::optional<int> value;
  bool nothing = false;
  const auto leader = [&](std::exception_ptr, std::optional<int> result) { value = result; };
  const auto waiter = [&](std::exception_ptr failure, std::optional<int> result) {
    nothing = !failure && !result;
    gate.notify();
  };
  asio::co_spawn(context, Flight::get(flight, fetch, no_deadline, is_timeout), leader);
  asio::co_spawn(context, Flight::get(flight, fetch, std::chrono::steady_clock::now(), is_timeout), waiter);
  context.run();
  EXPECT_TRUE(nothing);
  EXPECT_EQ(value, 1);
}

TEST_F(SingleFlightTest, AFetchWhoseContextIsNotRunIsTakenOverAtItsDeadline) {
  asio::io_context stopped;
  core::Signal gate;
  const Flight::Fetch never = [&]() -> asio::awaitable<int> {
    static_cast<void>(co_await gate.wait(no_deadline));
    co_return 1;
  };
  const auto passed = std::chrono::steady_clock::now();
  asio::co_spawn(stopped, Flight::get(flight, never, passed, is_timeout),
                 [](std::exception_ptr, std::optional<int>) {});
  stopped.poll();
  call(fetch_failing(0, Stage::timeout), 3);
  EXPECT_EQ(right, 3);
  EXPECT_EQ(fetched, 1);
}

TEST_F(SingleFlightTest, ACancelledWaiterIsAbortedAndACancelledLeaderReplaced) {
  asio::cancellation_signal stop_leader;
  asio::cancellation_signal stop_waiter;
  core::Signal gate;
  const Flight::Fetch fetch = [&]() -> asio::awaitable<int> {
    if (++fetched == 1) static_cast<void>(co_await gate.wait(no_deadline));
    co_return 42;
  };
  int aborted = 0;
  const auto expect_aborted = [&](std::exception_ptr failure, std::optional<int>) {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
      aborted += error.code() == asio::error::operation_aborted ? 1 : 0;
    }
  };
  const auto count = [&](std::exception_ptr, std::optional<int> value) { right += value == 42 ? 1 : 0; };
  asio::co_spawn(context, Flight::get(flight, fetch, no_deadline, is_timeout),
                 asio::bind_cancellation_slot(stop_leader.slot(), expect_aborted));
  asio::co_spawn(context, Flight::get(flight, fetch, no_deadline, is_timeout),
                 asio::bind_cancellation_slot(stop_waiter.slot(), expect_aborted));
  asio::co_spawn(context, Flight::get(flight, fetch, no_deadline, is_timeout), count);
  context.poll();
  stop_waiter.emit(asio::cancellation_type::terminal);
  context.poll();
  EXPECT_EQ(aborted, 1);
  stop_leader.emit(asio::cancellation_type::terminal);
  context.run();
  EXPECT_EQ(aborted, 2);
  EXPECT_EQ(right, 1);
  EXPECT_EQ(fetched, 2);
}

}  // namespace
}  // namespace chroma::test
