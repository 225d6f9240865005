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
/// The latency is kept below a target: a request that takes longer halves the concurrency, or the number of
/// rows if it is 1 already. In this order, because at the same latency fewer large requests store more rows
/// than many small ones. The number of rows grows again while requests are fast.
///
/// Below the target, the concurrency follows the throughput, which is measured over windows of successful
/// requests. One request fewer at the same time is tried, and kept if as many rows are stored in a second;
/// otherwise one more, which is kept only if more rows are stored. A number that was kept is followed by the
/// next one in the same direction. If neither is kept, no number is tried for a while, which is longer each
/// time.
///
/// A single-node server stores fewer rows in a second if requests run at the same time, with 2 of them about
/// half as many, and one that is distributed stores more. So that a load loses little on either, fewer
/// requests are tried first, after a short window if there are several, and a trial that is clearly worse or
/// better ends early.
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
  /// The length of the first window if several requests run, and after so many a trial may end early.
  static constexpr std::size_t short_window = 4;

 private:
  enum class Trial { None, More, Fewer };

  void adapt(std::size_t rows, Clock::duration latency, bool is_settled);
  [[nodiscard]] bool ends_window(double rate) const noexcept;
  void end_window(double rate);
  /// Tries a number in this direction; false if there is none.
  bool try_next(Trial direction, double rate) noexcept;
  void restart_window() noexcept;
  void set_concurrency(std::size_t count) noexcept;
  void rest() noexcept;

  static constexpr std::size_t first_rest = 4;  // In windows.

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
  std::size_t next_rest_ = first_rest;
  bool is_first_ = true;  // No window has ended yet.
};

}  // namespace chroma::bulk
