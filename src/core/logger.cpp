#include <chroma/logger.hpp>

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <mutex>
#include <ostream>
#include <string>
#include <utility>

namespace chroma {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::trace:
      return spdlog::level::trace;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

LogLevel from_spdlog(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
      return LogLevel::trace;
    case spdlog::level::debug:
      return LogLevel::debug;
    case spdlog::level::info:
      return LogLevel::info;
    case spdlog::level::warn:
      return LogLevel::warn;
    default:
      return LogLevel::error;
  }
}

/// Passes the text to a callback, without a lock.
class CallbackSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit CallbackSink(Logger::Callback callback) : callback_(std::move(callback)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    try {
      callback_(from_spdlog(message.level), {message.payload.data(), message.payload.size()});
    } catch (...) {
      // A log line is no reason to fail a call, and there is nowhere else to report it. spdlog itself would
      // pass on what is not a std::exception.
    }
  }
  void flush_() override {}

  Logger::Callback callback_;
};

}  // namespace

const char* to_string(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::trace:
      return "trace";
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warn:
      return "warn";
    case LogLevel::error:
      return "error";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, LogLevel level) {
  return out << to_string(level);
}

Logger::Logger(Callback callback, LogLevel level) {
  if (!callback) return;
  logger_ = std::make_shared<spdlog::logger>("chroma", std::make_shared<CallbackSink>(std::move(callback)));
  logger_->set_level(to_spdlog(level));
}

}  // namespace chroma
