#pragma once

#include "bulk/checkpoint.hpp"
#include "bulk/engine.hpp"
#include "bulk/sink.hpp"
#include "core/waiter.hpp"

#include <chroma/bulk.hpp>
#include <chroma/result.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace chroma::bulk {

[[nodiscard]] ChromaHttpClientError cancelled(const char* message);

/// Runs an engine: requests, timers, callbacks and checkpoints run on one strand of the sink's executor,
/// calls of embedding functions run on the executor, outside the strand. The engine itself is behind a mutex,
/// so that `write` needs no change of executor, and a cancellation does not cross executors. Running requests
/// share the writer; it outlives the `BulkWriter`.
///
/// What users call is in writer.cpp, the loop that starts requests and reports outcomes in writer_loop.cpp.
class Writer : public std::enable_shared_from_this<Writer> {
 public:
  Writer(std::shared_ptr<Sink> sink, BulkOptions options);

  asio::awaitable<void> write(Rows rows, std::optional<std::uint64_t> first_position);
  asio::awaitable<void> flush();
  asio::awaitable<BulkReport> finish();
  void abort();
  /// The `BulkWriter` is destroyed. Waits for a call of `on_batch` that runs on another thread.
  void close();
  BulkProgress progress();
  std::uint64_t resume_position();

 private:
  struct FlushWaiter : core::Waiter {
    FlushWaiter(std::shared_ptr<core::ContextLifetime> lifetime, std::uint64_t until)
        : Waiter(std::move(lifetime)), flush(until) {}
    std::uint64_t flush;
  };
  class Running;
  class Turn;

  // With the mutex held.
  Engine& engine();
  void require_open() const;
  bool has_ended(std::uint64_t flush);
  void wake_ready();
  void described(const Result<Target>& result);
  bool needs_description() const;
  double chance() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

  /// Builds the embedding function of the collection at the first call. Without the mutex, except for the
  /// engine.
  const std::optional<ChromaHttpClientError>& function_fault();

  /// True if a loop of writes on this executor would otherwise keep requests from running.
  bool must_yield(const asio::any_io_executor& executor, std::size_t rows);

  // Without the mutex, which they lock.
  void schedule();
  void fail(std::exception_ptr failure);
  void abandon();
  asio::awaitable<void> wait_for(std::uint64_t flush);

  // On the strand.
  void pump();
  void report();
  void report_one(Ended& ended);
  void call_back(const Ended& ended, const std::vector<std::string>& ids,
                 const std::vector<BulkRecord>& records);
  void launch();
  void save_checkpoint();
  void arm_timer();
  template <class T>
  asio::awaitable<Result<T>> attempt(asio::awaitable<T> request);
  asio::awaitable<void> describe();
  asio::awaitable<void> send(BatchPtr batch);
  // On the executor.
  asio::awaitable<Vectors> call_functions(BatchPtr batch);
  asio::awaitable<void> embed(BatchPtr batch);

  const std::shared_ptr<Sink> sink_;
  const BulkOptions options_;
  const CheckpointOwner owner_;
  asio::strand<asio::any_io_executor> strand_;

  std::once_flag function_known_;
  std::optional<ChromaHttpClientError> function_fault_;  // Why the embedding function cannot be used.
  std::atomic<std::size_t> written_ = 0;                 // Rows by callers on the context of the requests.
  std::mutex mutex_;                                     // Never held while a callback runs.
  std::recursive_mutex callback_mutex_;  // Held while one runs, which may destroy the `BulkWriter`.
  std::optional<Engine> engine_;
  std::deque<std::weak_ptr<core::Waiter>> waiting_to_write_;
  std::vector<std::weak_ptr<FlushWaiter>> waiting_for_flush_;
  std::vector<FailedRecord> failed_;
  std::exception_ptr failure_;  // Of a callback, or an exception of another kind than ChromaHttpClientError.
  std::optional<std::string> checkpoint_fault_;
  std::mt19937_64 random_{std::random_device()()};
  bool finishing_ = false;
  bool finished_ = false;
  bool abandoned_ = false;  // A request was destroyed before its end.
  bool closed_ = false;
  bool pump_posted_ = false;

  bool describing_ = false;  // The request that asks for the server's limits runs.
  std::size_t describe_failures_ = 0;
  Clock::time_point describe_at_{};  // Not before.

  // On the strand alone.
  asio::steady_timer timer_;
  Clock::time_point armed_ = Clock::time_point::max();
  std::uint64_t saved_version_ = 0;
  Clock::time_point saved_at_{};
};

}  // namespace chroma::bulk
