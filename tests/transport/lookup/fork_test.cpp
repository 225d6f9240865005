// The timer of idle connections in a forked child, which does not have the threads of its parent.
#include "support/child_process.hpp"
#include "transport/idle_timer.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

namespace chroma::transport {
namespace {

TEST(ForkTest, TheIdleTimerRunsInAChildToo) {
  if (!test::has_child_processes()) GTEST_SKIP() << "no threads in children";
  boost::asio::io_context context;
  const IdleTimer timer(context.get_executor());
  std::promise<void> runs;
  timer.schedule(Clock::now() + std::chrono::hours(1), [] {});
  timer.schedule(Clock::now(), [&] { runs.set_value(); });
  runs.get_future().wait();  // The thread has started, so it holds no lock of the allocator at the fork.
  const int result = test::run_in_child([] {
    boost::asio::io_context own_context;
    const IdleTimer own_timer(own_context.get_executor());
    std::promise<int> ran;
    own_timer.schedule(Clock::now(), [&] { ran.set_value(7); });
    return ran.get_future().get();
  });
  EXPECT_EQ(result, 7);
}

}  // namespace
}  // namespace chroma::transport
