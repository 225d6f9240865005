#include "bulk/pace.hpp"

#include <algorithm>

namespace chroma::bulk {
namespace {

// The servers that were measured are not faster with larger batches. If the limits allow larger ones, the
// size grows with the latency.
constexpr std::size_t first_rows = 250;
constexpr std::chrono::milliseconds longest_pause{60'000};
constexpr std::size_t longest_rest = 32;
// The ratios of throughput with which one request more, or one request fewer, is kept.
constexpr double worthwhile_gain = 1.05;
constexpr double tolerable_loss = 0.98;
// A trial is not measured to its end below the first of these ratios, or above the second.
constexpr double hopeless_loss = 0.85;
constexpr double clear_gain = 1.25;

double seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Pace::Pace(const BulkOptions& options)
    : target_latency_(options.target_latency),
      rows_(first_rows),
      max_rows_(first_rows),
      max_bytes_(options.max_body_bytes),
      concurrency_(options.concurrency),
      max_concurrency_(options.max_concurrency) {}

void Pace::start(const BatchLimits& limits, std::size_t max_concurrency) {
  max_rows_ = std::max<std::size_t>(limits.rows, 1);
  max_bytes_ = std::min(max_bytes_, limits.bytes);
  rows_ = std::min(first_rows, max_rows_);
  max_concurrency_ = std::min(max_concurrency_, max_concurrency);
  concurrency_ = std::min(concurrency_, max_concurrency_);
}

std::chrono::milliseconds Pace::timeout(std::chrono::milliseconds own) const noexcept {
  if (own.count() == 0) return own;
  const auto tenfold = std::chrono::milliseconds(static_cast<std::int64_t>(smoothed_latency_ * 10'000));
  return std::max(own, tenfold);
}

void Pace::stored(std::size_t rows, Clock::duration latency, bool busy, Clock::time_point now) {
  const double taken = seconds(latency);
  smoothed_latency_ = smoothed_latency_ == 0 ? taken : smoothed_latency_ * 0.8 + taken * 0.2;
  next_pause_ = std::chrono::milliseconds(0);
  const bool is_settled = settling_ == 0;
  if (!is_settled) --settling_;
  adapt(rows, latency, is_settled);
  if (!busy) return restart_window();
  if (!is_settled) {
    window_start_ = now;
    return;
  }
  if (window_start_ == Clock::time_point()) window_start_ = now - latency;
  window_rows_ += rows;
  ++window_successes_;
  const double rate = static_cast<double>(window_rows_) / std::max(seconds(now - window_start_), 1e-9);
  if (!ends_window(rate)) return;
  end_window(rate);
  restart_window();
  window_start_ = now;
}

void Pace::adapt(std::size_t rows, Clock::duration latency, bool is_settled) {
  if (latency > target_latency_) {
    // Requests that run at the same time are slow for the same reason: it counts once for them.
    if (!is_settled) return;
    if (concurrency_ > 1) {
      set_concurrency(concurrency_ / 2);
      restart_window();
      return rest();
    }
    if (rows <= rows_) rows_ = std::max<std::size_t>(1, std::min(rows_, rows) / 2);
  } else if (latency < target_latency_ / 4 && rows >= rows_) {
    rows_ = std::min(max_rows_, rows_ + std::max<std::size_t>(1, rows_ / 4));
  }
}

bool Pace::ends_window(double rate) const noexcept {
  if (window_successes_ >= window) return true;
  if (window_successes_ < short_window) return false;
  if (trial_ == Trial::None) return is_first_ && concurrency_ > 1;
  return rate < rate_before_trial_ * hopeless_loss || rate > rate_before_trial_ * clear_gain;
}

void Pace::end_window(double rate) {
  is_first_ = false;
  if (trial_ == Trial::None) {
    if (resting_ > 0) {
      --resting_;
      return;
    }
    if (!try_next(Trial::Fewer, rate) && !try_next(Trial::More, rate)) rest();
    return;
  }
  const double needed = trial_ == Trial::More ? worthwhile_gain : tolerable_loss;
  if (rate >= rate_before_trial_ * needed) {
    next_rest_ = first_rest;
    if (!try_next(trial_, rate)) rest();
    return;
  }
  set_concurrency(trial_ == Trial::More ? concurrency_ - 1 : concurrency_ + 1);
  if (trial_ == Trial::More || !try_next(Trial::More, rate_before_trial_)) rest();
}

bool Pace::try_next(Trial direction, double rate) noexcept {
  const bool more = direction == Trial::More;
  if (more ? concurrency_ >= max_concurrency_ : concurrency_ <= 1) return false;
  trial_ = direction;
  rate_before_trial_ = rate;
  set_concurrency(more ? concurrency_ + 1 : concurrency_ - 1);
  return true;
}

void Pace::rest() noexcept {
  trial_ = Trial::None;
  resting_ = next_rest_;
  next_rest_ = std::min(next_rest_ * 2, longest_rest);
}

void Pace::set_concurrency(std::size_t count) noexcept {
  settling_ = std::max(concurrency_, count);
  concurrency_ = std::clamp<std::size_t>(count, 1, max_concurrency_);
}

void Pace::restart_window() noexcept {
  window_successes_ = 0;
  window_rows_ = 0;
  window_start_ = {};
}

void Pace::timed_out() {
  rows_ = std::max<std::size_t>(1, rows_ / 2);
  set_concurrency(std::max<std::size_t>(1, concurrency_ / 2));
  rest();
  restart_window();
}

void Pace::throttled(const Refusal& refusal, Clock::time_point sent, Clock::time_point now, double random) {
  restart_window();
  const bool is_new = pauses_ == 0 || sent >= pause_began_;
  if (is_new) {
    rest();
    set_concurrency(std::max<std::size_t>(1, concurrency_ / 2));
    next_pause_ = std::min(longest_pause, std::max(refusal.pause, next_pause_ * 2));
    pause_began_ = now;
    ++pauses_;
    // A random time from half of the pause to the whole, so that clients do not send at the same moment.
    const auto wait = static_cast<double>(next_pause_.count()) * (0.5 + random / 2);
    paused_until_ = std::max(paused_until_, now + std::chrono::milliseconds(static_cast<std::int64_t>(wait)));
  }
  if (refusal.retry_after) paused_until_ = std::max(paused_until_, now + *refusal.retry_after);
}

void Pace::too_large(std::size_t bytes) noexcept {
  max_bytes_ = std::min(max_bytes_, bytes / 10 * 9);
}

void Pace::too_many(std::size_t rows, std::size_t limit) noexcept {
  const std::size_t half = std::max<std::size_t>(1, rows / 2);
  max_rows_ = std::min(max_rows_, limit > 0 && limit < rows ? limit : half);
  rows_ = std::min(rows_, max_rows_);
}

}  // namespace chroma::bulk
