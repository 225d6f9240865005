#pragma once

#include "core/context_lifetime.hpp"
#include "core/signal.hpp"
#include "embed/onnx/batches.hpp"
#include "embed/onnx/inference.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace chroma::embed::onnx {

/// One call of the function: its texts and its result. The coroutine that waits and the worker's thread share
/// it.
class Job {
 public:
  /// @param executor the executor of the coroutine that waits
  Job(std::vector<std::string> given, const boost::asio::any_io_executor& executor)
      : texts(std::move(given)), context_(core::ContextLifetime::of(executor)) {}

  /// Waits until the worker has called `finish`.
  /// @throws boost::system::system_error with operation_aborted when cancelled
  [[nodiscard]] boost::asio::awaitable<bool> wait() {
    return done_.wait(std::chrono::steady_clock::time_point::max());
  }

  /// The worker calls this after it has set `vectors` or `failure`. The context of the coroutine may be
  /// ending at the same time.
  void finish() {
    context_->run([this] { done_.notify(); });
  }

  /// The coroutine calls this when it no longer waits. A batch that is being computed is stopped.
  void abandon() { stop_.request_stop(); }

  [[nodiscard]] std::stop_token stop_token() const { return stop_.get_token(); }

  const std::vector<std::string> texts;
  // The coroutine may read these after `finish`.
  Vectors vectors;  ///< In the order of the texts.
  std::exception_ptr failure;

  // The progress of the worker, which alone uses these.
  std::size_t tokenized = 0;     ///< Number of texts that have been tokenized.
  std::size_t window_begin = 0;  ///< Index of the text to which the first element of `tokens` belongs.
  std::vector<TokenIds> tokens;  ///< Tokens of the texts from `window_begin` to `tokenized`.
  std::vector<Batch> batches;    ///< The batches of `tokens` that have not been computed.

 private:
  std::shared_ptr<core::ContextLifetime> context_;
  core::Signal done_;
  std::stop_source stop_;
};

/// Abandons a job when the coroutine that waits for it ends, however that happens.
class AbandonAtEnd {
 public:
  explicit AbandonAtEnd(Job& job) noexcept : job_(job) {}
  ~AbandonAtEnd() { job_.abandon(); }
  AbandonAtEnd(const AbandonAtEnd&) = delete;
  AbandonAtEnd& operator=(const AbandonAtEnd&) = delete;

 private:
  Job& job_;
};

}  // namespace chroma::embed::onnx
