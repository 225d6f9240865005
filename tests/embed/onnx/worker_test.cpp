#include "embed/onnx/worker.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <semaphore>
#include <stdexcept>

namespace {

using namespace chroma::embed::onnx;
namespace asio = boost::asio;
using Texts = std::vector<std::string>;

/// A model for which a text's vector is its length and its first byte. Its batches can be held up.
class FakeInference final : public Inference {
 public:
  struct Control {
    std::atomic<bool> hold{false};
    std::binary_semaphore entered{0};
    std::binary_semaphore released{0};
    std::vector<std::size_t> batch_sizes;  // The worker's thread alone writes it.
    std::atomic<bool> was_stopped{false};
  };
  explicit FakeInference(Control& control) : control_(control) {}

  Vectors run(std::span<const TokenIds* const> texts, std::stop_token stop) override {
    control_.batch_sizes.push_back(texts.size());
    if (control_.hold) {
      const std::stop_callback end_early(stop, [&] { control_.released.release(); });
      control_.entered.release();
      control_.released.acquire();
    }
    if (stop.stop_requested()) {
      control_.was_stopped = true;
      throw std::runtime_error("stopped");
    }
    Vectors vectors;
    vectors.dimension = 2;
    for (const auto* text : texts) {
      if (text->empty()) throw std::runtime_error("an empty text");
      vectors.values.push_back(static_cast<float>(text->size()));
      vectors.values.push_back(static_cast<float>(text->front()));
    }
    return vectors;
  }

 private:
  Control& control_;
};

TokenIds bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

Texts many(std::size_t count, std::size_t most_length = 300) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i)
    texts.emplace_back(i * 7919 % most_length + 1, static_cast<char>(i % 100));
  return texts;
}

Vectors expected(const Texts& texts) {
  Vectors vectors;
  for (const auto& text : texts) {
    vectors.values.push_back(static_cast<float>(text.size()));
    vectors.values.push_back(static_cast<float>(text.front()));
  }
  return vectors;
}

class WorkerTest : public testing::Test {
 protected:
  [[nodiscard]] std::function<Model()> opener() {
    return [this] { return Model{bytes, std::make_unique<FakeInference>(control)}; };
  }
  static asio::awaitable<std::vector<float>> call(Worker& worker, Texts texts) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto job = std::make_shared<Job>(std::move(texts), executor);
    const AbandonAtEnd guard(*job);
    worker.submit(job);
    (void)co_await job->wait();
    if (job->failure) std::rethrow_exception(job->failure);
    co_return std::move(job->vectors.values);
  }
  std::vector<float> run(Worker& worker, Texts texts) {
    auto done = asio::co_spawn(context, call(worker, std::move(texts)), asio::use_future);
    context.restart();
    context.run();
    return done.get();
  }

  FakeInference::Control control;
  asio::io_context context;
};

TEST_F(WorkerTest, VectorsAreInTheOrderOfTheTexts) {
  Worker worker(opener());
  for (const std::size_t count : {1U, 31U, 33U, 2500U}) {
    EXPECT_EQ(run(worker, many(count)), expected(many(count)).values) << count;
  }
}

TEST_F(WorkerTest, BatchesAreBounded) {
  Worker worker(opener());
  (void)run(worker, many(100, 10));
  EXPECT_EQ(control.batch_sizes, (std::vector<std::size_t>{4, 32, 32, 32}));
}

TEST_F(WorkerTest, CallsTakeTurns) {
  Worker worker(opener());
  control.hold = true;
  std::vector<int> ended;
  const auto end = [&](int number) {
    return [&ended, number](const std::exception_ptr& failure, const std::vector<float>&) {
      EXPECT_FALSE(failure);
      ended.push_back(number);
    };
  };
  asio::co_spawn(context, call(worker, many(3200)), end(1));
  asio::co_spawn(context, call(worker, many(5)), end(2));
  context.poll();  // Both are handed over.
  control.entered.acquire();
  control.hold = false;
  control.released.release();
  context.run();
  EXPECT_EQ(ended, (std::vector<int>{2, 1}));
}

TEST_F(WorkerTest, AFailureEndsItsCallAlone) {
  Worker worker(opener());
  EXPECT_THROW(run(worker, {"a", ""}), std::runtime_error);
  EXPECT_EQ(run(worker, {"a"}), (std::vector<float>{1, 'a'}));
}

TEST_F(WorkerTest, AModelThatCannotBeOpenedEndsEveryCall) {
  Worker worker([]() -> Model { throw std::runtime_error("no model"); });
  EXPECT_THROW(run(worker, {"a"}), std::runtime_error);
  EXPECT_THROW(run(worker, {"a"}), std::runtime_error);
}

TEST_F(WorkerTest, ACancelledCallEndsAtOnceAndItsBatchIsStopped) {
  Worker worker(opener());
  control.hold = true;
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  asio::co_spawn(
      context, call(worker, many(3200)),
      asio::bind_cancellation_slot(
          cancel.slot(), [&](std::exception_ptr thrown, const std::vector<float>&) { failure = thrown; }));
  context.poll();
  control.entered.acquire();  // The worker computes.
  cancel.emit(asio::cancellation_type::terminal);
  context.run();
  EXPECT_TRUE(failure);
  control.hold = false;
  EXPECT_EQ(run(worker, {"b"}), (std::vector<float>{1, 'b'}));
  EXPECT_TRUE(control.was_stopped);
  EXPECT_EQ(control.batch_sizes.size(), 2U);
}

TEST_F(WorkerTest, AContextMayEndBeforeItsCalls) {
  Worker worker(opener());
  control.hold = true;
  {
    asio::io_context other;
    asio::co_spawn(other, call(worker, many(3200)),
                   [](const std::exception_ptr&, const std::vector<float>&) {});
    other.poll();
    control.entered.acquire();
  }
  control.hold = false;
  EXPECT_EQ(run(worker, {"b"}), (std::vector<float>{1, 'b'}));
  EXPECT_TRUE(control.was_stopped);
}

TEST_F(WorkerTest, TheEndOfTheWorkerWaitsForItsBatch) {
  auto worker = std::make_unique<Worker>(opener());
  control.hold = true;
  const auto job = std::make_shared<Job>(many(3200), context.get_executor());
  worker->submit(job);
  control.entered.acquire();
  job->abandon();
  worker.reset();
  EXPECT_TRUE(control.was_stopped);
}

TEST_F(WorkerTest, ServesManyThreads) {
  Worker worker(opener());
  std::vector<std::future<bool>> threads;
  for (int i = 0; i < 4; ++i) {
    threads.push_back(std::async(std::launch::async, [&] {
      for (int k = 0; k < 25; ++k) {
        asio::io_context own;
        auto done = asio::co_spawn(own, call(worker, many(100)), asio::use_future);
        own.run();
        if (done.get() != expected(many(100)).values) return false;
      }
      return true;
    }));
  }
  for (auto& thread : threads) EXPECT_TRUE(thread.get());
}

}  // namespace
