// Deadlines and calls on another execution context when there is no memory.

#include "core/signal.hpp"
#include "failing_allocation.hpp"
#include "transport/remote_call.hpp"
#include "transport/watchdog.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <new>
#include <string>

namespace chroma::transport {
namespace {

namespace asio = boost::asio;

/// Calls remotely, and leaves the call at its deadline while an allocation fails.
/// @return false if there are fewer allocations
bool leave_call(std::size_t failing) {
  auto clients = std::make_unique<asio::io_context>();
  auto callers = std::make_unique<asio::io_context>();
  auto gate = std::make_unique<core::Signal>();
  const auto call = [&signal = *gate]() -> asio::awaitable<HttpResponse> {
    static_cast<void>(co_await signal.wait(Clock::time_point::max()));
    co_return HttpResponse();
  };
  bool succeeded = false;
  asio::co_spawn(*callers, call_remotely(clients->get_executor(), call, Clock::now(), "server:1"),
                 [&](const std::exception_ptr& failure, const HttpResponse&) { succeeded = !failure; });
  callers->poll_one();
  clients->poll();
  test::fail_allocation(failing, test::Allocations::all);
  try {
    callers->run();
  } catch (const std::bad_alloc&) {
    // Asio could not allocate the completion.
  }
  const bool failed = test::stop_failing();
  EXPECT_FALSE(succeeded);
  clients->restart();
  clients->poll();
  gate.reset();
  clients.reset();
  return failed;
}

TEST(RemoteAllocationTest, OfACallThatIsLeftAtItsDeadline) {
  std::size_t number = 0;
  for (bool failed = true; failed; ++number) {
    SCOPED_TRACE("allocation " + std::to_string(number));
    failed = leave_call(number);
  }
  EXPECT_GT(number, 1U);
}

class CountedDeadlines : public Watched {
 public:
  explicit CountedDeadlines(std::function<void()> first = nullptr) : first_(std::move(first)) {}
  void on_deadline(std::size_t) override {
    ++calls;
    if (first_) first_();
  }
  int calls = 0;

 private:
  std::function<void()> first_;
};

TEST(RemoteAllocationTest, WithoutMemoryForTheTimerTheOtherDeadlinesAreNotLost) {
  asio::io_context context;
  const auto watchdog = std::make_shared<Watchdog>(context.get_executor());
  const auto first = std::make_shared<CountedDeadlines>([&] {
    // These take the memory that Asio keeps for the next operations of this thread.
    for (int i = 0; i < 8; ++i) asio::post(context, [] {});
    test::fail_allocation(0, test::Allocations::all);
  });
  const auto second = std::make_shared<CountedDeadlines>();
  const auto now = Clock::now();
  const Watchdog::Guard guard_of_first(watchdog, now, first, 0);
  const Watchdog::Guard guard_of_second(watchdog, now + std::chrono::hours(1), second, 0);
  context.run();
  EXPECT_TRUE(test::stop_failing());
  EXPECT_EQ(first->calls, 1);
  EXPECT_EQ(second->calls, 1);
}

}  // namespace
}  // namespace chroma::transport
