#pragma once

#include <chroma/logger.hpp>

#include <spdlog/logger.h>

#include <utility>

namespace chroma::core {

/// Calls `write(log)` if the logger writes lines of this level. What a user's sink or error handler throws
/// has no effect: it is no reason to fail a call, and there is nowhere else to report it.
template <class Write>
void write_log(spdlog::logger* log, spdlog::level::level_enum level, Write write) noexcept {
  try {
    if (log != nullptr && log->should_log(level)) write(*log);
  } catch (...) {
    // The line is lost, and the call goes on.
  }
}

template <class Write>
void write_log(const Logger& logger, spdlog::level::level_enum level, Write write) noexcept {
  write_log(logger.spdlog().get(), level, std::move(write));
}

}  // namespace chroma::core
