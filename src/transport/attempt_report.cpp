#include "transport/attempt_report.hpp"

#include "core/log.hpp"

#include <chroma/error.hpp>

#include <exception>
#include <string>
#include <string_view>

namespace chroma::transport {
namespace {

void log_attempt(spdlog::logger& log, spdlog::level::level_enum level, const HttpRequest& request,
                 const AttemptEvent& event, const Outcome& outcome) {
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

void tell(const Observer& observer, const Logger& logger, const AttemptEvent& event) {
  const auto report = [&](const char* what) {
    core::write_log(logger, spdlog::level::err, [&](spdlog::logger& log) {
      log.error("the observer has thrown, which it must not{}{}", *what == '\0' ? "" : ": ", what);
    });
  };
  try {
    observer(event);
  } catch (const std::exception& failure) {
    report(failure.what());
  } catch (...) {
    report("");
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
  const auto level = retry_delay ? spdlog::level::warn : spdlog::level::trace;
  core::write_log(logger, level,
                  [&](spdlog::logger& log) { log_attempt(log, level, request, event, outcome); });
  if (observer) tell(observer, logger, event);
}

}  // namespace chroma::transport
