#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>

#ifdef __linux__
#include <unistd.h>
#endif

namespace chroma::test {

/// True under a sanitizer that slows everything down and keeps freed memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

/// File descriptors that this process has open; nothing where the system does not say.
inline std::optional<std::size_t> open_descriptors() {
  std::error_code failure;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator each("/proc/self/fd", failure), end; !failure && each != end;
       each.increment(failure)) {
    ++count;
  }
  return failure ? std::nullopt : std::optional(count);
}

/// Memory of this process that is in use; nothing where the system does not say, or a sanitizer blurs it.
inline std::optional<std::size_t> resident_bytes() {
#ifdef __linux__
  if (sanitized) return std::nullopt;
  std::size_t total = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
#else
  return std::nullopt;
#endif
}

}  // namespace chroma::test
