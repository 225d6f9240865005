#pragma once

/// @file
/// `Logger`: the destination of the library's log lines.

#include <chroma/export.hpp>

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string_view>

namespace spdlog {
class logger;
}

namespace chroma {

/// The severity of a log line, in ascending order. More levels may be added: write a default in a `switch`
/// over this type.
enum class LogLevel { trace, debug, info, warn, error };

/// The name of the level as the enumerator is spelled, for example "warn".
[[nodiscard]] CHROMA_API const char* to_string(LogLevel level) noexcept;
/// Writes `to_string(level)`.
CHROMA_API std::ostream& operator<<(std::ostream& out, LogLevel level);

/// The destination of log lines: an spdlog logger, a callback, or nothing.
///
/// The library logs each attempt of a request at `trace`, or at `warn` if it is retried; the first 1024 bytes
/// of each response body at `trace`; each list item that it cannot decode at `warn`; and an exception that an
/// observer throws at `error`. It never logs the values of headers, bodies of requests, or credentials.
///
/// Thread safety: lines come from all threads that run operations, also at the same time. A callback must
/// allow that. What it throws is discarded.
class CHROMA_API Logger {
 public:
  /// Receives the severity and the text, without a line feed. The text is valid during the call.
  using Callback = std::function<void(LogLevel, std::string_view)>;

  /// Discards all lines.
  Logger() = default;
  /// Discards all lines.
  Logger(std::nullptr_t) {}
  /// Passes lines to an spdlog logger, which filters by its own level. nullptr discards all lines.
  Logger(std::shared_ptr<spdlog::logger> logger) : logger_(std::move(logger)) {}
  /// Passes lines of `level` and above to a callback. An empty callback discards all lines.
  explicit Logger(Callback callback, LogLevel level = LogLevel::trace);

  /// False if all lines are discarded.
  explicit operator bool() const noexcept { return logger_ != nullptr; }

  /// The spdlog logger that receives the lines; nullptr if all lines are discarded.
  [[nodiscard]] const std::shared_ptr<spdlog::logger>& spdlog() const noexcept { return logger_; }

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace chroma
