#include "transport/retry.hpp"

#include <algorithm>

namespace chroma::transport {

using std::chrono::milliseconds;

namespace {

/// What TLS itself refuses, such as a certificate, it will refuse again; a connection that was lost while it
/// shook hands may come back.
bool is_refusal(const AttemptResult& result) noexcept {
  return result.failed_stage == Stage::tls &&
         std::string_view(result.failure.category().name()) == "asio.ssl";
}

}  // namespace

bool is_worth_retrying(const AttemptResult& result) noexcept {
  if (result.failed_stage) {
    return result.read_only && *result.failed_stage != Stage::cancelled &&
           *result.failed_stage != Stage::decode && !is_refusal(result);
  }
  switch (result.status) {
    case 429:
      return true;
    case 500:
    case 502:
    case 503:
    case 504:
      return result.read_only;
    default:
      return false;
  }
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
  const milliseconds delay =
      std::max(backoff(options, retries + 1, random), result.retry_after.value_or(milliseconds(0)));
  if (delay >= remaining) return std::nullopt;
  return delay;
}

}  // namespace chroma::transport
