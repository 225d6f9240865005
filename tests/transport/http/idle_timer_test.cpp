// Functions that run later without being work of an execution context.
#include "transport/idle_timer.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace chroma::transport {
namespace {

/// Keeps the timer's thread in a function from the construction until `release()`, so that what is scheduled
/// meanwhile does not run, however long the test's thread is interrupted.
class BusyTimer {
 public:
  BusyTimer() {
    timer_.schedule(Clock::now(), [this] {
      const auto released = released_.get_future();
      running_.set_value();
      released.wait();
    });
    running_.get_future().wait();
  }
  void release() { released_.set_value(); }

 private:
  asio::io_context context_;
  IdleTimer timer_{context_.get_executor()};
  std::promise<void> running_;
  std::promise<void> released_;
};

TEST(IdleTimer, RunsInTheOrderOfTimesAndIsNoWork) {
  BusyTimer busy;
  asio::io_context context;
  const IdleTimer timer(context.get_executor());
  std::promise<void> last;
  std::vector<int> order;  // Written by the timer's thread alone, and read when it has written the last.
  const auto now = Clock::now();
  timer.schedule(now + std::chrono::milliseconds(20), [&] {
    order.push_back(2);
    last.set_value();
  });
  timer.schedule(now + std::chrono::milliseconds(10), [&] { order.push_back(1); });
  timer.schedule(now, [&] { order.push_back(0); });
  context.run();
  busy.release();
  last.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(IdleTimer, NothingRunsWhenTheContextHasEnded) {
  BusyTimer busy;
  bool ran = false;
  const auto due = Clock::now();
  {
    asio::io_context context;
    const IdleTimer timer(context.get_executor());
    timer.schedule(due, [&] { ran = true; });
  }
  // Functions run in the order of their times, so this one would run after the other.
  asio::io_context context;
  const IdleTimer timer(context.get_executor());
  std::promise<void> later;
  timer.schedule(due + std::chrono::milliseconds(1), [&] { later.set_value(); });
  busy.release();
  later.get_future().wait();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace chroma::transport
