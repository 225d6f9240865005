// Compiles the code of docs/retries-deadlines-cancellation.md and tests that it does what the page says.
#include "docs/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/multiple_exceptions.hpp>
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
#include <tuple>

namespace asio = boost::asio;

namespace retries_deadlines_cancellation_page {
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

asio::awaitable<std::uint32_t> count_both(chroma::ChromaCollection colors, chroma::ChromaCollection movies) {
  using namespace asio::experimental::awaitable_operators;
  auto counts = co_await (chroma::as_result(colors.count()) && chroma::as_result(movies.count()));
  co_return std::get<0>(counts).value() + std::get<1>(counts).value();
}

asio::awaitable<void> count_both_and_throw(chroma::ChromaCollection colors, chroma::ChromaCollection movies) {
  using namespace asio::experimental::awaitable_operators;
  co_await (colors.count() && movies.count());
}

using namespace chroma;
using namespace std::chrono_literals;
using chroma::testing::Fault;
using test::printed;

class RetriesPage : public test::PageTest {};

TEST_F(RetriesPage, Deadlines) {
  const auto collection = colors();
  server.inject(Fault::delay(1h).operation("collection_count").times(2));
  const auto error = fail(in_a_hurry(collection).count());
  EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::timeout);
  const auto late = fail(before(collection, std::chrono::steady_clock::now()).count());
  EXPECT_EQ(late.get_if<RequestError>()->stage, Stage::timeout);
}

TEST_F(RetriesPage, ReadsAreRetriedAndWritesAreNot) {
  const auto collection = colors();
  const UpsertRequest records({"red"}, {{1, 0, 0}});
  server.inject(Fault::respond(503).operation("collection_count"));
  EXPECT_EQ(run(collection.count()), 3U);
  EXPECT_EQ(server.calls("collection_count"), 2U);
  server.inject(Fault::respond(503).operation("collection_upsert").times(2));
  EXPECT_EQ(fail(collection.upsert(records)).status(), 503);
  EXPECT_EQ(server.calls("collection_upsert"), 1U);
  run(upsert_surely(collection, records, 0ms));
  EXPECT_EQ(server.calls("collection_upsert"), 3U);

  auto options = server.options();
  options.retry_options = one_attempt().retry_options;
  server.inject(Fault::respond(503));
  EXPECT_EQ(fail(ChromaHttpClient(runtime.executor(), options).version()).attempts(), 1U);
}

TEST_F(RetriesPage, AFailureThatStaysEndsTheLoop) {
  const auto collection = colors();
  server.inject(Fault::respond(503).operation("collection_upsert").times(5));
  const auto error = fail(upsert_surely(collection, UpsertRequest({"red"}, {{1, 0, 0}}), 0ms));
  EXPECT_EQ(error.status(), 503);
  EXPECT_EQ(server.calls("collection_upsert"), 5U);
}

TEST_F(RetriesPage, TwoCallsAtOnce) {
  const auto collection = colors();
  EXPECT_EQ(run(count_both(collection, collection)), 6U);
  run(client.delete_collection("colors"));
  EXPECT_EQ(fail(count_both(collection, collection)).status(), 404);
  EXPECT_THROW(run(count_both_and_throw(collection, collection)), asio::multiple_exceptions);
}

TEST_F(RetriesPage, Cancellation) {
  static_cast<void>(colors());
  asio::io_context context;
  const ChromaHttpClient here(context.get_executor(), server.options());
  auto fetched = asio::co_spawn(context, here.get_collection("colors"), asio::use_future);
  context.run();
  context.restart();
  const auto collection = fetched.get();
  server.inject(Fault::delay(1h).operation("collection_count"));
  asio::cancellation_signal stop;
  const auto text = printed([&] {
    start(context.get_executor(), stop, collection);
    std::thread other([&] {
      while (server.calls("collection_count") == 0) std::this_thread::yield();
      cancel_from_anywhere(context.get_executor(), stop);
    });
    context.run();
    other.join();
  });
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace retries_deadlines_cancellation_page
