// A signal between coroutines, threads and execution contexts.
#include "core/signal.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

namespace chroma::core {
namespace {

namespace asio = boost::asio;

constexpr auto no_deadline = std::chrono::steady_clock::time_point::max();

class SignalTest : public testing::Test {
 protected:
  void wait(std::chrono::steady_clock::time_point deadline = no_deadline) {
    notified.reset();
    failure = nullptr;
    const auto done = [this](std::exception_ptr thrown, bool result) {
      failure = thrown;
      notified = result;
    };
    asio::co_spawn(*context, signal.wait(deadline), asio::bind_cancellation_slot(stop.slot(), done));
    context->restart();
    context->poll();
  }

  std::unique_ptr<asio::io_context> context = std::make_unique<asio::io_context>();
  Signal signal;
  asio::cancellation_signal stop;
  std::optional<bool> notified;
  std::exception_ptr failure;
};

TEST_F(SignalTest, ANotificationEndsTheWait) {
  wait();
  EXPECT_FALSE(notified);
  signal.notify();
  context->poll();
  EXPECT_EQ(notified, true);
}

TEST_F(SignalTest, ANotificationBeforeTheWaitIsKeptOnce) {
  signal.notify();
  signal.notify();
  wait();
  EXPECT_EQ(notified, true);
  wait();
  EXPECT_FALSE(notified);
}

TEST_F(SignalTest, TheDeadlineEndsTheWait) {
  wait(std::chrono::steady_clock::now());
  context->run();
  EXPECT_EQ(notified, false);
}

TEST_F(SignalTest, ACancelledWaitIsAborted) {
  wait();
  stop.emit(asio::cancellation_type::terminal);
  context->poll();
  ASSERT_TRUE(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::operation_aborted);
  }
}

TEST_F(SignalTest, ANotificationAfterTheEndOfTheContextDoesNothing) {
  wait();
  context.reset();
  signal.notify();
  EXPECT_FALSE(notified);
}

TEST_F(SignalTest, AnotherThreadNotifiesWhileTheWaitBegins) {
  for (int i = 0; i < 200; ++i) {
    std::thread other([this] { signal.notify(); });
    wait();
    context->run();
    other.join();
    EXPECT_EQ(notified, true);
  }
}

}  // namespace
}  // namespace chroma::core
