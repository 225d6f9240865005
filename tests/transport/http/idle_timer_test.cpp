// Functions that run later without being work of an execution context.
#include "transport/idle_timer.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <future>
#include <memory>

namespace chroma::transport {
namespace {

TEST(IdleTimer, RunsInTheOrderOfTimesAndIsNoWork) {
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
  last.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(IdleTimer, NothingRunsWhenTheContextHasEnded) {
  bool ran = false;
  const auto due = Clock::now() + std::chrono::milliseconds(20);
  {
    asio::io_context context;
    const IdleTimer timer(context.get_executor());
    timer.schedule(due, [&] { ran = true; });
  }
  // Functions run in the order of their times: this one comes behind the other.
  asio::io_context context;
  const IdleTimer timer(context.get_executor());
  std::promise<void> later;
  timer.schedule(due + std::chrono::milliseconds(1), [&] { later.set_value(); });
  later.get_future().wait();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace chroma::transport
