#pragma once

#include "transport/connection.hpp"
#include "transport/http_message.hpp"

#include <chroma/logger.hpp>
#include <chroma/observer.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace chroma::transport {

/// Tells the observer and the log of one finished attempt; of the request it shows method and path, never
/// query, headers or body.
void report_attempt(const Observer& observer, const Logger& logger, const HttpRequest& request,
                    std::size_t attempt, const Outcome& outcome, Clock::duration duration,
                    std::optional<std::chrono::milliseconds> retry_delay);

}  // namespace chroma::transport
