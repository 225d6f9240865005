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

/// The end of one attempt, as far as a retry depends on it.
struct AttemptResult {
  bool read_only = false;
  int status = 0;                     ///< 0 if there was no response.
  std::optional<Stage> failed_stage;  ///< Set if there was no complete response.
  std::error_code failure;            ///< With `failed_stage`, if there is one.
  std::optional<std::chrono::milliseconds> retry_after;
  std::optional<bool> verdict;  ///< Of the request's RetryRule.
};

/// True if the attempt failed in a way that may be temporary, and sending the request again is safe.
[[nodiscard]] bool is_worth_retrying(const AttemptResult& result) noexcept;

/// The delay before retry number `retry`, which is 1 for the first, if the server does not ask for a longer
/// one.
/// @param random evenly distributed in [0, 1)
[[nodiscard]] std::chrono::milliseconds backoff(const ChromaRetryOptions& options, std::size_t retry,
                                                double random) noexcept;

/// The delay before the next attempt. Nothing if there is to be none, because the attempt did not fail,
/// because no retry is left or allowed, or because the delay would pass the deadline.
/// @param retries how many there have been
/// @param remaining the time until the deadline; milliseconds::max() if there is none
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_delay(const ChromaRetryOptions& options,
                                                                   const AttemptResult& result,
                                                                   std::size_t retries,
                                                                   std::chrono::milliseconds remaining,
                                                                   double random) noexcept;

/// The value of the header Retry-After as a delay: a number of seconds, which may have a fraction although
/// HTTP does not allow it, or a date in one of HTTP's three forms. A date in the past is no delay. Nothing if
/// the value is neither.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                                         std::chrono::sys_seconds now);

/// The delay that the response asks for: `retry-after-ms`, a number of milliseconds that several providers of
/// models send, or else Retry-After. A date is compared with the response's own Date, so that the clocks of
/// client and server need not agree.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response);

/// A date as HTTP writes it: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or
/// "Sun Nov  6 08:49:37 1994".
/// @param now tells the century of a year with two digits
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text,
                                                                      std::chrono::sys_seconds now);

}  // namespace chroma::transport
