#pragma once

/// @file
/// Where the library's log lines go.

#include <chroma/export.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace spdlog {
class logger;
}

namespace chroma {

/// Severity of a log line, in rising order.
enum class LogLevel { trace, debug, info, warn, error };

/// Where log lines go. A default one is silent and costs nothing.
///
/// The library logs each request and answer at `trace` (never a header's value, and bodies only up to 1 KiB),
/// each retry and each unreadable list item at `warn`. Secrets never appear.
///
/// Thread safety: lines may come from every thread that runs the client's executor; a callback must allow
/// that and must not throw.
class CHROMA_API Logger {
 public:
  using Callback = std::function<void(LogLevel, std::string_view)>;

  Logger() = default;
  /// Silent, too.
  Logger(std::nullptr_t) {}
  /// Lines go to the given spdlog logger, which filters by its own level. nullptr is silent.
  Logger(std::shared_ptr<spdlog::logger> logger) : logger_(std::move(logger)) {}
  /// Lines of `level` and above go to `callback`, without a trailing line feed. An empty one is silent.
  explicit Logger(Callback callback, LogLevel level = LogLevel::trace);

  /// True if lines go anywhere at all.
  explicit operator bool() const noexcept { return logger_ != nullptr; }

  /// The spdlog logger behind this one; nullptr if silent.
  [[nodiscard]] const std::shared_ptr<spdlog::logger>& spdlog() const noexcept { return logger_; }

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace chroma
