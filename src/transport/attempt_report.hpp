#pragma once

#include "transport/connection.hpp"
#include "transport/http_message.hpp"

#include <chroma/logger.hpp>
#include <chroma/observer.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace chroma::transport {

/// Reports one finished attempt to the observer and the log. Of the request it reports the method and the
/// path, never the query, headers or body.
void report_attempt(const Observer& observer, const Logger& logger, const HttpRequest& request,
                    std::size_t attempt, const Outcome& outcome, Clock::duration duration,
                    std::optional<std::chrono::milliseconds> retry_delay);

}  // namespace chroma::transport
