#pragma once

#include "bulk/planner.hpp"
#include "bulk/refusal.hpp"

#include <chroma/bulk.hpp>

#include <chrono>
#include <cstddef>

namespace chroma::bulk {

/// The size of batches, how many run at once, and pauses: all that adapts to the server. Limits that refusals
/// taught hold for its life.
///
/// Rows follow the latency. Concurrency follows the throughput: after `window` successes in a row one request
/// more is tried, and kept only if more rows were stored a second; else one fewer is tried, and kept if that
/// cost nothing; then trials rest, longer each time.
class Pace {
 public:
  explicit Pace(const BulkOptions& options);

  /// The server's limits, before the first batch.
  void start(const BatchLimits& limits, std::size_t max_concurrency);

  [[nodiscard]] BatchLimits limits() const noexcept { return {rows_, max_bytes_}; }
  [[nodiscard]] std::size_t concurrency() const noexcept { return concurrency_; }
  /// No request is to be sent before.
  [[nodiscard]] Clock::time_point paused_until() const noexcept { return paused_until_; }
  [[nodiscard]] std::size_t pauses() const noexcept { return pauses_; }
  /// For one request: the client's own, or ten times the smoothed latency if that is longer; zero is none.
  [[nodiscard]] std::chrono::milliseconds timeout(std::chrono::milliseconds own) const noexcept;

  /// @param busy whether as many requests ran as were allowed: else the source is what limits the rate
  void stored(std::size_t rows, Clock::duration latency, bool busy, Clock::time_point now);
  void timed_out();
  /// @param sent when the refused request was sent: those that were sent before a pause do not prolong it
  /// @param random evenly distributed in [0, 1)
  void throttled(const Refusal& refusal, Clock::time_point sent, Clock::time_point now, double random);
  /// A body of this size was refused.
  void too_large(std::size_t bytes) noexcept;
  /// More rows than this are refused; 0: half of `rows`.
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
  std::size_t settling_ = 0;  // Successes that still belong to the setting before.
  Clock::time_point window_start_{};
  Trial trial_ = Trial::None;
  double rate_before_trial_ = 0;
  std::size_t resting_ = 0;  // Windows until the next trial.
  std::size_t next_rest_ = 2;
};

}  // namespace chroma::bulk
