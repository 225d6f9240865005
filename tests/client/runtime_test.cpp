// The runtime without a server: how operations are started, how they complete, and how a runtime ends.
#include <chroma/runtime.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <sstream>
#include <string>
#include <thread>

namespace chroma::test {
namespace {

namespace asio = boost::asio;

asio::awaitable<std::string> name_of_value(int value) {
  co_return "value " + std::to_string(value);
}

asio::awaitable<int> refused() {
  throw ChromaHttpClientError(ValidationError{"no", "field"});
  co_return 0;
}

asio::awaitable<void> foreign_failure() {
  throw std::runtime_error("out of the library's reach");
  co_return;
}

/// Never completes, because the timer does not expire.
asio::awaitable<void> never_ending() {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
}

/// Completes when the promise is fulfilled. The runtime's thread waits for it.
asio::awaitable<void> held_by(std::shared_future<void> release) {
  release.wait();
  co_return;
}

bool is_cancellation(const ChromaHttpClientError& error) {
  const auto* request = error.get_if<RequestError>();
  return request != nullptr && request->stage == Stage::cancelled;
}

TEST(Runtime, ASubmittedOperationGivesAFuture) {
  Runtime runtime;
  EXPECT_EQ(runtime.submit(name_of_value(3)).get(), "value 3");
  auto failed = runtime.submit(refused());
  EXPECT_THROW(static_cast<void>(failed.get()), ChromaHttpClientError);
  EXPECT_THROW(runtime.submit(foreign_failure()).get(), std::runtime_error);
}

TEST(Runtime, ACallbackGetsTheResultOnTheRuntimesThread) {
  Runtime runtime;
  std::promise<Result<std::string>> delivered;
  std::thread::id thread;
  const auto callback = [&](Result<std::string> result) {
    thread = std::this_thread::get_id();
    delivered.set_value(std::move(result));
  };
  runtime.submit(name_of_value(4), callback);
  EXPECT_EQ(delivered.get_future().get().value(), "value 4");
  EXPECT_NE(thread, std::this_thread::get_id());

  std::promise<Result<int>> failed;
  runtime.submit(refused(), [&](Result<int> result) { failed.set_value(std::move(result)); });
  EXPECT_TRUE(failed.get_future().get().error().is<ValidationError>());
}

TEST(Runtime, AnExceptionOfACallbackIsLogged) {
  std::ostringstream log;
  {
    Runtime runtime(
        std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
    std::atomic<int> calls = 0;
    runtime.submit(name_of_value(1), [&](const Result<std::string>&) {
      ++calls;
      throw std::runtime_error("first mistake");
    });
    runtime.submit(refused(), [&](const Result<int>&) {
      ++calls;
      throw 2;
    });
    asio::post(runtime.executor(), [] { throw std::runtime_error("third mistake"); });
    runtime.drain();
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(runtime.block_on(name_of_value(5)), "value 5");
  }
  EXPECT_NE(log.str().find("first mistake"), std::string::npos) << log.str();
  EXPECT_NE(log.str().find("not a std::exception"), std::string::npos) << log.str();
  EXPECT_NE(log.str().find("third mistake"), std::string::npos) << log.str();
}

TEST(Runtime, DrainWaitsForAllOperations) {
  Runtime runtime;
  std::promise<void> release;
  std::atomic<int> completed = 0;
  runtime.submit(held_by(release.get_future().share()), [&](const Result<void>&) { ++completed; });
  for (int i = 0; i < 10; ++i) {
    runtime.submit(name_of_value(i), [&](const Result<std::string>&) { ++completed; });
  }
  EXPECT_EQ(runtime.pending(), 11U);
  release.set_value();
  runtime.drain();
  EXPECT_EQ(runtime.pending(), 0U);
  EXPECT_EQ(completed, 11);
}

TEST(Runtime, WaitingOnItsOwnThreadIsRefused) {
  Runtime runtime;
  const auto wait = [&]() -> asio::awaitable<void> {
    EXPECT_THROW(runtime.drain(), std::logic_error);
    EXPECT_THROW(static_cast<void>(runtime.block_on(name_of_value(1))), std::logic_error);
    co_return;
  };
  runtime.block_on(wait());
}

TEST(Runtime, TheDestructorCancelsPendingOperations) {
  std::future<void> future;
  int called = 0;
  {
    Runtime runtime;
    future = runtime.submit(never_ending());
    runtime.submit(never_ending(), [&](const Result<void>& result) {
      ++called;
      EXPECT_TRUE(is_cancellation(result.error())) << result.error().what();
    });
  }
  EXPECT_EQ(called, 1);
  try {
    future.get();
    ADD_FAILURE() << "the operation has completed";
  } catch (const ChromaHttpClientError& error) {
    EXPECT_TRUE(is_cancellation(error)) << error.what();
  }
}

TEST(Runtime, ClientsMayOutliveTheRuntime) {
  asio::any_io_executor executor;
  std::unique_ptr<asio::steady_timer> timer;
  bool ran = false;
  {
    Runtime runtime;
    executor = runtime.executor();
    timer = std::make_unique<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    timer->async_wait([&](boost::system::error_code) { ran = true; });
  }
  timer->cancel();
  asio::post(executor, [&] { ran = true; });
  timer.reset();
  executor = {};
  EXPECT_FALSE(ran);
}

TEST(Runtime, ItMayBeDestroyedOnItsOwnThread) {
  auto runtime = std::make_shared<Runtime>();
  std::promise<void> destroyed;
  Runtime* handle = runtime.get();
  auto destroy = [last = std::move(runtime), &destroyed](const Result<std::string>&) mutable {
    last.reset();
    destroyed.set_value();
  };
  handle->submit(name_of_value(1), std::move(destroy));
  destroyed.get_future().wait();
}

TEST(RuntimeDeathTest, ExitInACallbackEndsTheProgramQuietly) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto exit_in_callback = [] {
    static Runtime runtime;
    runtime.submit(name_of_value(1), [](const Result<std::string>&) { std::exit(7); });
    runtime.drain();
  };
  EXPECT_EXIT(exit_in_callback(), ::testing::ExitedWithCode(7), "^$");
}

}  // namespace
}  // namespace chroma::test
