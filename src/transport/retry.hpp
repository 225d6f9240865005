#pragma once

#include "transport/http_message.hpp"

#include <chroma/error.hpp>
#include <chroma/options.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace chroma::transport {

/// What a retry depends on: one failed, or finished, attempt.
struct AttemptResult {
  bool read_only = false;
  int status = 0;                     ///< 0 if no answer came.
  std::optional<Stage> failed_stage;  ///< Set if no complete answer came.
  std::error_code failure;            ///< With `failed_stage`, if there is one.
  std::optional<std::chrono::milliseconds> retry_after;
};

/// True if the attempt failed in a way that another one may mend, and if repeating it is safe.
[[nodiscard]] bool is_worth_retrying(const AttemptResult& result) noexcept;

/// The client's own wait before retry `retry`, which is 1 for the first.
/// @param random evenly distributed in [0, 1)
[[nodiscard]] std::chrono::milliseconds backoff(const ChromaRetryOptions& options, std::size_t retry,
                                                double random) noexcept;

/// How long to wait before the next attempt; nothing if there is to be none: the attempt did not fail, no
/// retry is left or allowed, or the wait would pass the deadline.
/// @param retries how many there have been
/// @param remaining until the deadline; milliseconds::max() without one
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_delay(const ChromaRetryOptions& options,
                                                                   const AttemptResult& result,
                                                                   std::size_t retries,
                                                                   std::chrono::milliseconds remaining,
                                                                   double random) noexcept;

/// Value of the header Retry-After as a delay: seconds, or a date in one of HTTP's three forms (a date gone
/// by is no delay). Nothing if it is neither.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(
    std::string_view value, std::chrono::sys_seconds now) noexcept;

/// The answer's Retry-After; a date is compared with the answer's own Date, so that the two clocks need not
/// agree.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response) noexcept;

/// A point in time as HTTP writes it: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or
/// "Sun Nov  6 08:49:37 1994".
/// @param now tells the century of a year with two digits
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text,
                                                                      std::chrono::sys_seconds now) noexcept;

}  // namespace chroma::transport
