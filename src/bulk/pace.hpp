#pragma once

#include "bulk/planner.hpp"
#include "bulk/refusal.hpp"

#include <chroma/bulk.hpp>

#include <chrono>
#include <cstddef>

namespace chroma::bulk {

/// Adapts the size of batches, the number of requests at the same time, and pauses to the server. A limit
/// that was found because the server refused a batch is kept until the end of the load.
///
/// The number of rows follows the latency. The concurrency follows the throughput: after `window` successful
/// requests, one more request at the same time is tried. It is kept only if more rows are stored in a second.
/// Otherwise one fewer is tried, and kept if the throughput is the same. Then no number is tried for a while,
/// which is longer each time.
class Pace {
 public:
  explicit Pace(const BulkOptions& options);

  /// The server's limits, before the first batch.
  void start(const BatchLimits& limits, std::size_t max_concurrency);

  [[nodiscard]] BatchLimits limits() const noexcept { return {rows_, max_bytes_}; }
  [[nodiscard]] std::size_t concurrency() const noexcept { return concurrency_; }
  /// No request may be sent before this time.
  [[nodiscard]] Clock::time_point paused_until() const noexcept { return paused_until_; }
  [[nodiscard]] std::size_t pauses() const noexcept { return pauses_; }
  /// For one request: `own`, or ten times the smoothed latency if that is longer; zero means none.
  [[nodiscard]] std::chrono::milliseconds timeout(std::chrono::milliseconds own) const noexcept;

  /// @param busy whether as many requests ran as were allowed; if not, the source of the rows limits the rate
  void stored(std::size_t rows, Clock::duration latency, bool busy, Clock::time_point now);
  void timed_out();
  /// @param sent when the refused request was sent; one that was sent before a pause does not prolong it
  /// @param random evenly distributed in [0, 1)
  void throttled(const Refusal& refusal, Clock::time_point sent, Clock::time_point now, double random);
  /// A body of this size was refused.
  void too_large(std::size_t bytes) noexcept;
  /// A batch of `rows` was refused.
  /// @param limit the most rows that the server accepts; 0 if it is not known: half of `rows` is used
  void too_many(std::size_t rows, std::size_t limit) noexcept;

  static constexpr std::size_t window = 20;

 private:
  enum class Trial { None, More, Fewer };

  void adapt_rows(std::size_t rows, Clock::duration latency);
  void end_window(double rate);
  void restart_window() noexcept;
  void set_concurrency(std::size_t count) noexcept;
  void rest() noexcept;

  std::chrono::milliseconds target_latency_;
  std::size_t rows_;
  std::size_t max_rows_;
  std::size_t max_bytes_;
  std::size_t concurrency_;
  std::size_t max_concurrency_;

  double smoothed_latency_ = 0;  // Seconds; 0 before the first success.
  Clock::time_point paused_until_{};
  Clock::time_point pause_began_{};
  std::chrono::milliseconds next_pause_{0};
  std::size_t pauses_ = 0;

  std::size_t window_successes_ = 0;
  std::size_t window_rows_ = 0;
  std::size_t settling_ = 0;  // Requests that may have been sent before the concurrency was changed.
  Clock::time_point window_start_{};
  Trial trial_ = Trial::None;
  double rate_before_trial_ = 0;
  std::size_t resting_ = 0;  // Windows until the next trial.
  std::size_t next_rest_ = 2;
};

}  // namespace chroma::bulk
