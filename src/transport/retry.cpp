#include "transport/retry.hpp"

#include "core/transient.hpp"

#include <algorithm>

namespace chroma::transport {

using std::chrono::milliseconds;

bool is_worth_retrying(const AttemptResult& result) noexcept {
  if (result.verdict) return *result.verdict;
  if (result.failed_stage) {
    return result.read_only && core::is_transient(*result.failed_stage, result.failure);
  }
  return core::is_transient(result.status) && (result.read_only || result.status == 429);
}

milliseconds backoff(const ChromaRetryOptions& options, std::size_t retry, double random) noexcept {
  const milliseconds longest = std::max(options.max_delay, milliseconds(0));
  milliseconds delay = std::clamp(options.min_delay, milliseconds(0), longest);
  for (std::size_t i = 1; i < retry && delay.count() > 0 && delay < longest; ++i) {
    delay = delay > longest / 2 ? longest : delay * 2;
  }
  if (!options.jitter) return delay;
  const milliseconds room = longest - delay;
  const double extra = static_cast<double>(delay.count()) * random;
  return extra < static_cast<double>(room.count())
             ? delay + milliseconds(static_cast<milliseconds::rep>(extra))
             : longest;
}

std::optional<milliseconds> retry_delay(const ChromaRetryOptions& options, const AttemptResult& result,
                                        std::size_t retries, milliseconds remaining, double random) noexcept {
  if (!is_worth_retrying(result) || retries >= options.max_retries) return std::nullopt;
  const milliseconds asked_for = result.retry_after.value_or(milliseconds(0));
  if (asked_for > options.max_retry_after) return std::nullopt;
  const milliseconds delay = std::max(backoff(options, retries + 1, random), asked_for);
  if (delay >= remaining) return std::nullopt;
  return delay;
}

}  // namespace chroma::transport
