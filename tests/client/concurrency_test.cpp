// Many calls at once, calls from many threads, and handles that are destroyed while their calls run.
#include "client/fixture.hpp"
#include "core/signal.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <mutex>
#include <thread>

namespace chroma::test {
namespace {

namespace asio = boost::asio;

class ConcurrencyTest : public ClientTest {
 protected:
  void SetUp() override { server.respond(Reply(200, R"({"nanosecond heartbeat":1})")); }
};

TEST_F(ConcurrencyTest, TwoHundredCallsOnOneThread) {
  asio::io_context context;
  const ChromaHttpClient client(context.get_executor(), options_for(server));
  std::size_t done = 0;
  const auto count = [&](std::exception_ptr failure, HeartbeatResponse beat) {
    if (!failure && beat.nanosecond_heartbeat == 1) ++done;
  };
  for (int i = 0; i < 200; ++i) asio::co_spawn(context, client.heartbeat(), count);
  context.run();
  EXPECT_EQ(done, 200U);
}

TEST_F(ConcurrencyTest, FourThreadsOnOneClient) {
  auto options = options_for(server);
  options.max_connections = 6;
  const ChromaHttpClient client(runtime.executor(), options);
  const auto hammer = [&] {
    Runtime own;
    int right = 0;
    for (int i = 0; i < 25; ++i) {
      // Each call is awaited on an executor of its own, not on that of the client.
      if (own.block_on(client.heartbeat()).nanosecond_heartbeat == 1) ++right;
    }
    return right;
  };
  std::vector<std::future<int>> threads;
  for (int i = 0; i < 4; ++i) threads.push_back(std::async(std::launch::async, hammer));
  for (auto& thread : threads) EXPECT_EQ(thread.get(), 25);
}

TEST_F(ConcurrencyTest, ACallOutlivesItsHandle) {
  std::optional<ChromaHttpClient> client(std::in_place, runtime.executor(), options_for(server));
  auto op = client->heartbeat();
  client.reset();
  EXPECT_EQ(run(std::move(op)).nanosecond_heartbeat, 1U);

  std::optional<ChromaCollection> handle = collection();
  server.respond(Reply(200, "3"));
  auto count = handle->count();
  handle.reset();
  EXPECT_EQ(run(std::move(count)), 3U);
}

TEST_F(ConcurrencyTest, CancellationFromAnotherThread) {
  std::promise<void> release;
  std::promise<void> arrived;
  std::once_flag first_arrived;
  server.respond([&, released = release.get_future().share()](const Received&) {
    std::call_once(first_arrived, [&] { arrived.set_value(); });
    released.wait();
    return Reply();
  });
  asio::cancellation_signal stop;
  asio::io_context context;
  const auto op = [&]() -> asio::awaitable<Result<HeartbeatResponse>> {
    return as_result(ChromaHttpClient(runtime.executor(), options_for(server)).heartbeat());
  };
  Result<HeartbeatResponse> outcome;
  const auto finished = [&](std::exception_ptr failure, Result<HeartbeatResponse> result) {
    EXPECT_EQ(failure, nullptr);
    outcome = std::move(result);
  };
  asio::co_spawn(context, op(), asio::bind_cancellation_slot(stop.slot(), finished));
  std::thread canceller([&] {
    arrived.get_future().wait();
    asio::post(context, [&] { stop.emit(asio::cancellation_type::terminal); });
  });
  context.run();
  canceller.join();
  release.set_value();
  ASSERT_FALSE(outcome.has_value());
  const auto* request = outcome.error().get_if<RequestError>();
  ASSERT_NE(request, nullptr) << outcome.error().what();
  EXPECT_EQ(request->stage, Stage::cancelled);
  EXPECT_FALSE(outcome.error().is_retryable());
}

TEST_F(ConcurrencyTest, DestroyingTheContextDestroysItsCalls) {
  std::promise<void> release;
  server.respond([released = release.get_future().share()](const Received&) {
    released.wait();
    return Reply();
  });
  bool finished = false;
  {
    asio::io_context context;
    const ChromaHttpClient client(context.get_executor(), options_for(server));
    asio::co_spawn(context, client.heartbeat(),
                   [&](std::exception_ptr, HeartbeatResponse) { finished = true; });
    while (server.received().empty()) context.run_one_for(std::chrono::milliseconds(1));
  }
  release.set_value();
  EXPECT_FALSE(finished);
}

TEST(Runtime, BlockOn) {
  Runtime runtime;
  const auto seven = []() -> asio::awaitable<int> { co_return 7; };
  const auto fails = []() -> asio::awaitable<void> {
    throw std::runtime_error("as thrown");
    co_return;
  };
  EXPECT_EQ(runtime.block_on(seven()), 7);
  try {
    runtime.block_on(fails());
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "as thrown");
  }

  const auto nested = [&]() -> asio::awaitable<bool> {
    try {
      runtime.block_on(seven());
    } catch (const std::logic_error&) {
      co_return true;
    }
    co_return false;
  };
  EXPECT_TRUE(runtime.block_on(nested()));
}

TEST(Runtime, TheDestructorReleasesWaitingCallers) {
  auto runtime = std::make_unique<Runtime>();
  std::promise<void> begun;
  const auto never = [&]() -> asio::awaitable<void> {
    auto signal = std::make_shared<core::Signal>();
    begun.set_value();
    static_cast<void>(co_await signal->wait(std::chrono::steady_clock::time_point::max()));
  };
  auto waiter = std::async(std::launch::async, [&] {
    try {
      runtime->block_on(never());
    } catch (const ChromaHttpClientError& error) {
      return error.get_if<RequestError>()->stage;
    }
    return Stage::connect;
  });
  begun.get_future().wait();
  runtime.reset();
  EXPECT_EQ(waiter.get(), Stage::cancelled);
}

TEST_F(ConcurrencyTest, SettersDuringRunningCalls) {
  ChromaHttpClient client(runtime.executor(), options_for(server));
  server.respond(Reply(200, "7"));
  const auto callers = std::async(std::launch::async, [&] {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(run(client.count_collections()), 7U);
  });
  for (int i = 0; callers.wait_for(std::chrono::seconds(0)) != std::future_status::ready; ++i) {
    client.set_tenant_id("tenant" + std::to_string(i % 3));
    client.set_database_name("database" + std::to_string(i % 3));
  }
  for (const auto& request : server.received()) {
    EXPECT_TRUE(request.target.starts_with("/api/v2/tenants/t")) << request.target;
  }
}

}  // namespace
}  // namespace chroma::test
