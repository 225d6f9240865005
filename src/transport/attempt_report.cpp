#include "transport/attempt_report.hpp"

#include <chroma/error.hpp>

#include <spdlog/logger.h>

#include <exception>
#include <string>
#include <string_view>

namespace chroma::transport {
namespace {

void log_attempt(spdlog::logger& log, const HttpRequest& request, const AttemptEvent& event,
                 const Outcome& outcome) {
  const auto level = event.retry_delay ? spdlog::level::warn : spdlog::level::trace;
  if (!log.should_log(level)) return;
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  const std::string what =
      outcome.error ? "failed (" + outcome.error->message + ")" : "status " + std::to_string(event.status);
  const std::string next =
      event.retry_delay ? "; trying again in " + std::to_string(event.retry_delay->count()) + " ms" : "";
  log.log(level, "{} attempt {}: {} {} {} after {:.1f} ms, {} bytes sent, {} received{}", request.operation,
          event.attempt, request.method, path, what,
          std::chrono::duration<double, std::milli>(event.duration).count(), event.bytes_sent,
          event.bytes_received, next);
}

void tell(const Observer& observer, spdlog::logger* log, const AttemptEvent& event) {
  try {
    observer(event);
  } catch (const std::exception& failure) {
    if (log != nullptr) log->error("the observer has thrown, which it must not: {}", failure.what());
  } catch (...) {
    if (log != nullptr) log->error("the observer has thrown, which it must not");
  }
}

}  // namespace

void report_attempt(const Observer& observer, const Logger& logger, const HttpRequest& request,
                    std::size_t attempt, const Outcome& outcome, Clock::duration duration,
                    std::optional<std::chrono::milliseconds> retry_delay) {
  if (!observer && !logger) return;
  AttemptEvent event;
  event.operation = request.operation;
  event.method = request.method;
  event.attempt = attempt;
  event.status = outcome.response.status;
  if (outcome.error) {
    event.status = 0;
    event.failed_stage = outcome.error->stage;
  }
  event.bytes_sent = outcome.traffic.sent;
  event.bytes_received = outcome.traffic.received;
  event.duration = duration;
  event.connection_reused = outcome.connection_reused;
  event.retry_delay = retry_delay;
  if (logger) log_attempt(*logger.spdlog(), request, event, outcome);
  if (observer) tell(observer, logger.spdlog().get(), event);
}

}  // namespace chroma::transport
