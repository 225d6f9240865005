// Calls for a caller on another execution context than the client's, each of which may end first.
#include "transport/remote_call.hpp"

#include "core/signal.hpp"

#include <chroma/error.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace chroma::transport {
namespace {

constexpr auto never = Clock::time_point::max();

class RemoteCallTest : public testing::Test {
 protected:
  /// A call that responds when `gate` is notified.
  std::function<asio::awaitable<HttpResponse>()> gated_call() {
    return [this]() -> asio::awaitable<HttpResponse> {
      ++started;
      static_cast<void>(co_await gate->wait(never));
      HttpResponse response;
      response.status = 201;
      co_return response;
    };
  }
  void start(Clock::time_point deadline) {
    const auto done = [this](std::exception_ptr thrown, HttpResponse response) {
      ended = true;
      failure = thrown;
      status = response.status;
    };
    asio::co_spawn(*callers, call_remotely(clients->get_executor(), gated_call(), deadline, "server:1"),
                   asio::bind_cancellation_slot(signal.slot(), done));
    poll(*callers);
  }
  static void poll(asio::io_context& context) {
    context.restart();
    context.poll();
  }
  [[nodiscard]] std::optional<Stage> failed_stage() const {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const ChromaHttpClientError& error) {
      if (const auto* request = error.get_if<RequestError>()) return request->stage;
    } catch (const boost::system::system_error& error) {
      if (error.code() == asio::error::operation_aborted) return Stage::cancelled;
    }
    return std::nullopt;
  }

  std::unique_ptr<asio::io_context> clients = std::make_unique<asio::io_context>();
  std::unique_ptr<asio::io_context> callers = std::make_unique<asio::io_context>();
  std::unique_ptr<core::Signal> gate = std::make_unique<core::Signal>();
  asio::cancellation_signal signal;
  int started = 0;
  bool ended = false;
  std::exception_ptr failure;
  int status = 0;
};

TEST_F(RemoteCallTest, TheResponseReachesTheCaller) {
  start(never);
  poll(*clients);
  EXPECT_EQ(started, 1);
  EXPECT_FALSE(ended);
  gate->notify();
  poll(*clients);
  poll(*callers);
  EXPECT_TRUE(ended);
  EXPECT_EQ(status, 201);
}

TEST_F(RemoteCallTest, TheDeadlineHoldsAlthoughNothingRunsTheClientsContext) {
  start(Clock::now());
  callers->restart();
  callers->run();
  EXPECT_EQ(failed_stage(), Stage::timeout);
  EXPECT_EQ(started, 0);
}

TEST_F(RemoteCallTest, TheCallersContextMayEndFirst) {
  start(never);
  poll(*clients);
  callers.reset();
  gate->notify();
  poll(*clients);
  EXPECT_EQ(started, 1);
  EXPECT_FALSE(ended);
}

TEST_F(RemoteCallTest, TheClientsContextMayEndFirst) {
  start(never);
  poll(*clients);
  gate.reset();
  clients.reset();
  poll(*callers);
  EXPECT_EQ(failed_stage(), Stage::cancelled);
}

TEST_F(RemoteCallTest, ACancelledCallerCancelsTheCall) {
  start(never);
  poll(*clients);
  signal.emit(asio::cancellation_type::terminal);
  poll(*callers);
  EXPECT_EQ(failed_stage(), Stage::cancelled);
  // The call ends, so nothing keeps the client's context running.
  clients->restart();
  clients->run();
}

TEST(ShareAContext, TellsContextsApart) {
  asio::io_context one;
  asio::io_context two;
  EXPECT_TRUE(share_a_context(one.get_executor(), one.get_executor()));
  EXPECT_FALSE(share_a_context(one.get_executor(), two.get_executor()));
}

}  // namespace
}  // namespace chroma::transport
