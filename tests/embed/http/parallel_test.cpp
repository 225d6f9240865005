#include "embed/http/parallel.hpp"

#include "embed/http/fixture.hpp"

#include <chroma/embed/openai.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

namespace {

using namespace chroma::test;
using chroma::embed::run_in_parallel;

asio::awaitable<void> count_up(std::atomic<int>& count) {
  for (int i = 0; i < 10; ++i) co_await asio::post(asio::use_awaitable);
  ++count;
}

TEST(RunInParallel, EndsWhenAllHaveEnded) {
  asio::thread_pool pool(4);
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> count = 0;
    asio::co_spawn(pool, run_in_parallel(8, [&] { return count_up(count); }), asio::use_future).get();
    EXPECT_EQ(count, 8);
  }
}

/// Counts the coroutines that have started and not ended.
class Running {
 public:
  explicit Running(std::atomic<int>& count) : count_(count) { ++count_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { --count_; }

 private:
  std::atomic<int>& count_;
};

asio::awaitable<void> count_up_or_fail(std::atomic<int>& count, std::atomic<int>& running, bool fails) {
  const Running guard(running);
  if (fails) throw std::runtime_error("failed");
  co_await count_up(count);
}

TEST(RunInParallel, ThrowsTheFirstFailureWhenAllHaveEnded) {
  asio::thread_pool pool(4);
  std::atomic<int> count = 0;
  std::atomic<int> running = 0;
  int started = 0;
  auto done = asio::co_spawn(
      pool, run_in_parallel(8, [&] { return count_up_or_fail(count, running, started++ == 3); }),
      asio::use_future);
  EXPECT_THROW(done.get(), std::runtime_error);
  EXPECT_EQ(started, 8);
  EXPECT_EQ(running, 0);
  EXPECT_LE(count, 7);
}

/// Requests of a function that runs on the threads of a pool.
class OnAPool : public testing::Test {
 protected:
  OnAPool() {
    options.api_base = server.url();
    options.api_key_env_var.clear();
    options.max_texts = 2;
    options.max_parallel = 5;
    retry_at_once(options);
    server.respond_side_by_side([this](const Received& received) {
      arrived.fetch_add(1);
      if (holds) released.get_future().wait();
      Json data = Json::array();
      for (const auto& text : texts_in(received, "input")) {
        data.push_back({{"embedding", row_of(text)}});
      }
      return Reply(200, Json{{"data", data}}.dump());
    });
  }

  std::atomic<int> arrived = 0;
  std::atomic<bool> holds = false;
  std::promise<void> released;
  MockServer server;
  chroma::embed::OpenAiOptions options;
};

TEST_F(OnAPool, CallsMayRunSideBySide) {
  asio::thread_pool pool(4);
  const chroma::embed::OpenAiEmbeddingFunction function(pool.get_executor(), options);
  const auto texts = texts_of_lengths(21);
  std::vector<std::future<Embeddings>> calls;
  for (int i = 0; i < 6; ++i) {
    calls.push_back(asio::co_spawn(pool, function.embed_strs(texts), asio::use_future));
  }
  for (auto& call : calls) EXPECT_EQ(call.get(), rows_of(texts));
}

TEST_F(OnAPool, ACallMayBeAwaitedOnAnotherContext) {
  asio::thread_pool pool(2);
  const chroma::embed::OpenAiEmbeddingFunction function(pool.get_executor(), options);
  const auto texts = texts_of_lengths(11);
  EXPECT_EQ(run_awaitable(function.embed_strs(texts)), rows_of(texts));
}

TEST_F(OnAPool, ACallOutlivesItsFunction) {
  asio::thread_pool pool(2);
  std::future<Embeddings> call;
  const auto texts = texts_of_lengths(11);
  {
    const chroma::embed::OpenAiEmbeddingFunction function(pool.get_executor(), options);
    call = asio::co_spawn(pool, function.embed_strs(texts), asio::use_future);
  }
  EXPECT_EQ(call.get(), rows_of(texts));
}

TEST_F(OnAPool, ACancelledCallEndsAtOnce) {
  holds = true;
  options.max_parallel = 1;  // The promise has one future.
  asio::thread_pool pool(2);
  const chroma::embed::OpenAiEmbeddingFunction function(pool.get_executor(), options);
  asio::cancellation_signal cancel;
  std::promise<std::exception_ptr> ended;
  const auto strand = asio::make_strand(pool);
  asio::co_spawn(
      strand, function.embed_strs(texts_of_lengths(11)),
      asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown, const Embeddings&) {
        ended.set_value(std::move(thrown));
      }));
  while (arrived == 0) std::this_thread::yield();
  asio::post(strand, [&] { cancel.emit(asio::cancellation_type::terminal); });
  const auto error = error_of([&] { std::rethrow_exception(ended.get_future().get()); });
  released.set_value();
  ASSERT_TRUE(error.is<chroma::RequestError>()) << error.what();
  EXPECT_EQ(error.get_if<chroma::RequestError>()->stage, chroma::Stage::cancelled);
  EXPECT_EQ(error.operation(), "openai_embed");
}

}  // namespace
