// The code of docs/retries-deadlines-cancellation.md, and that it does what the page says.
#include "client/fixture.hpp"
#include "docs/gate.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <thread>

namespace asio = boost::asio;

namespace {

chroma::ChromaCollection in_a_hurry(const chroma::ChromaCollection& collection) {
  return collection.with_timeout(std::chrono::milliseconds(50));
}

chroma::ChromaCollection before(const chroma::ChromaCollection& collection,
                                std::chrono::steady_clock::time_point limit) {
  const auto left = limit - std::chrono::steady_clock::now();
  chroma::CallOptions options;
  options.timeout =
      std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(1));
  return collection.with_options(options);
}

chroma::ChromaHttpClientOptions one_attempt() {
  chroma::ChromaHttpClientOptions options;
  options.retry_options.max_retries = 0;
  return options;
}

asio::awaitable<void> upsert_surely(chroma::ChromaCollection colors, chroma::UpsertRequest records,
                                    std::chrono::milliseconds pause) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (int attempt = 1;; ++attempt) {
    auto outcome = co_await chroma::as_result(colors.upsert(records));
    if (outcome.has_value()) co_return;
    if (attempt == 5 || !outcome.error().is_retryable()) throw outcome.error();
    timer.expires_after(pause * attempt);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

void start(asio::any_io_executor executor, asio::cancellation_signal& stop, chroma::ChromaCollection colors) {
  auto handler = [](std::exception_ptr failure, std::uint32_t count) {
    if (!failure) std::cout << count << " records\n";
  };
  asio::co_spawn(executor, colors.count(), asio::bind_cancellation_slot(stop.slot(), handler));
}

void cancel_from_anywhere(asio::any_io_executor executor, asio::cancellation_signal& stop) {
  asio::post(executor, [&stop] { stop.emit(asio::cancellation_type::terminal); });
}

using namespace chroma;
using test::printed;
using test::Received;
using test::Reply;

class RetriesPage : public test::ClientTest {
 protected:
  test::Gate gate;
};

TEST_F(RetriesPage, Deadlines) {
  auto colors = collection();
  server.answer([this](const Received&) {
    gate.wait();
    return Reply(200, "3");
  });
  const auto error = fail(in_a_hurry(colors).count());
  EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::timeout);
  const auto late = fail(before(colors, std::chrono::steady_clock::now()).count());
  EXPECT_EQ(late.get_if<RequestError>()->stage, Stage::timeout);
  gate.open();
}

TEST_F(RetriesPage, ReadsAreRetriedAndWritesAreNot) {
  auto colors = collection();
  int calls = 0;
  server.answer([&calls](const Received&) {
    return ++calls % 2 == 1 ? Reply(503, "busy", "text/plain") : Reply(200, "3");
  });
  EXPECT_EQ(run(colors.count()), 3U);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(fail(colors.upsert(UpsertRequest({"red"}, {{1, 0, 0}}))).status(), 503);
  EXPECT_EQ(calls, 3);
  run(upsert_surely(colors, UpsertRequest({"red"}, {{1, 0, 0}}), std::chrono::milliseconds(0)));

  auto options = test::options_for(server);
  options.retry_options = one_attempt().retry_options;
  calls = 0;
  EXPECT_EQ(fail(ChromaHttpClient(runtime.executor(), options).version()).attempts(), 1U);
}

TEST_F(RetriesPage, AFailureThatStaysEndsTheLoop) {
  auto colors = collection();
  server.answer(Reply(503, "busy", "text/plain"));
  EXPECT_EQ(
      fail(upsert_surely(colors, UpsertRequest({"red"}, {{1, 0, 0}}), std::chrono::milliseconds(0))).status(),
      503);
}

TEST_F(RetriesPage, Cancellation) {
  asio::io_context context;
  const ChromaHttpClient here(context.get_executor(), test::options_for(server));
  server.answer(Reply(200, test::collection_json()));
  auto fetched = asio::co_spawn(context, here.get_collection("abc"), asio::use_future);
  context.run();
  context.restart();
  auto colors = fetched.get();
  server.answer([this](const Received&) {
    gate.wait();
    return Reply(200, "3");
  });
  asio::cancellation_signal stop;
  const auto text = printed([&] {
    start(context.get_executor(), stop, colors);
    std::thread other([&] {
      gate.until_somebody_waits();
      cancel_from_anywhere(context.get_executor(), stop);
    });
    context.run();
    other.join();
  });
  EXPECT_EQ(text, "");
  gate.open();
}

}  // namespace
