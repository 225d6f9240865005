#pragma once

#include <chrono>

namespace chroma::transport {

using Clock = std::chrono::steady_clock;

/// `time + delay`, or the greatest time point if the sum does not fit.
[[nodiscard]] inline Clock::time_point add_saturating(Clock::time_point time,
                                                      std::chrono::milliseconds delay) noexcept {
  const auto room = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::time_point::max() - time);
  return delay < room ? time + delay : Clock::time_point::max();
}

/// The end of a period that starts now. Zero means no limit, which is the greatest time point.
[[nodiscard]] inline Clock::time_point deadline_after(std::chrono::milliseconds timeout) noexcept {
  return timeout.count() == 0 ? Clock::time_point::max() : add_saturating(Clock::now(), timeout);
}

}  // namespace chroma::transport
