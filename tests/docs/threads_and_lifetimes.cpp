// Compiles the code of docs/threads-and-lifetimes.md and tests that it does what the page says.
#include "docs/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <thread>
#include <vector>

namespace asio = boost::asio;

namespace threads_and_lifetimes_page {
namespace {

asio::awaitable<void> count_into(chroma::ChromaCollection colors, std::vector<std::uint32_t>& counts) {
  counts.push_back(co_await colors.count());
}

void count_at_once(asio::thread_pool& pool, chroma::ChromaCollection colors,
                   std::vector<std::uint32_t>& counts) {
  auto strand = asio::make_strand(pool);
  for (int i = 0; i < 8; ++i) asio::co_spawn(strand, count_into(colors, counts), asio::detached);
  pool.join();
}

asio::awaitable<chroma::QueryResponse> nearest_red(const chroma::ChromaCollection& colors) {
  chroma::CallOptions options;
  options.timeout = std::chrono::seconds(10);
  return colors.with_options(options).query(chroma::QueryRequest({{0.9F, 0.2F, 0.1F}}));
}

void run_until_signalled(asio::io_context& context, asio::awaitable<void> program) {
  asio::signal_set signals(context, SIGINT, SIGTERM);
  asio::cancellation_signal stop;
  signals.async_wait([&stop](boost::system::error_code failure, int) {
    if (!failure) stop.emit(asio::cancellation_type::terminal);
  });
  auto ended = [&signals](std::exception_ptr failure) {
    signals.cancel();
    if (failure) std::rethrow_exception(failure);
  };
  asio::co_spawn(context, std::move(program), asio::bind_cancellation_slot(stop.slot(), ended));
  context.run();
}

void store_and_end(chroma::ChromaHttpClientOptions options, chroma::UpsertRequest records) {
  chroma::Runtime runtime;
  chroma::ChromaHttpClient client(runtime.executor(), options);
  auto colors = runtime.block_on(client.get_collection("colors"));
  runtime.submit(colors.upsert(std::move(records)), [](chroma::Result<void> stored) {
    std::cout << (stored.has_value() ? "stored" : stored.error().what()) << '\n';
  });
  runtime.drain();
}

using namespace chroma;
using test::printed;

class ThreadsPage : public test::PageTest {};

TEST_F(ThreadsPage, ManyCallsAtOnceOnAStrand) {
  asio::thread_pool pool(2);
  std::vector<std::uint32_t> counts;
  count_at_once(pool, colors(), counts);
  EXPECT_EQ(counts, std::vector<std::uint32_t>(8, 3));
}

TEST_F(ThreadsPage, AnOperationOutlivesItsHandleAndItsRequest) {
  std::optional<asio::awaitable<QueryResponse>> operation;
  {
    const auto collection = colors();
    operation = nearest_red(collection);
  }
  EXPECT_EQ(run(std::move(*operation)).ids.at(0).at(0), "red");
}

asio::awaitable<void> heartbeat(ChromaHttpClient client) {
  co_await client.heartbeat();
}

TEST_F(ThreadsPage, ASignalCancelsTheMainCoroutine) {
  server.inject(chroma::testing::Fault::delay(std::chrono::hours(1)));
  asio::io_context context;
  std::thread user([this] {
    while (server.calls("heartbeat") == 0) std::this_thread::yield();
    std::raise(SIGTERM);
  });
  try {
    run_until_signalled(context, heartbeat(ChromaHttpClient(context.get_executor(), server.options())));
    ADD_FAILURE() << "the program was not cancelled";
  } catch (const ChromaHttpClientError& error) {
    EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::cancelled);
  }
  user.join();
}

TEST_F(ThreadsPage, ARuntimeWaitsForItsOperations) {
  const auto collection = run(client.create_collection("colors"));
  const auto text = printed([&] { store_and_end(server.options(), UpsertRequest({"red"}, {{1, 0, 0}})); });
  EXPECT_EQ(text, "stored\n");
  EXPECT_EQ(run(collection.count()), 1U);
}

}  // namespace
}  // namespace threads_and_lifetimes_page
