#pragma once

/// @file
/// How fresh an answer must be.

#include <chroma/export.hpp>

#include <cstdint>
#include <iosfwd>

namespace chroma {

/// What `count` and `search` look at.
enum class ReadLevel : std::uint8_t {
  IndexAndWal,         ///< The index and the whole write-ahead log: all that was written. The default.
  IndexOnly,           ///< The index alone: fastest, without the latest writes.
  IndexAndBoundedWal,  ///< The index and a bounded part of the log.
};

/// The wire's name, for example "index_and_wal".
[[nodiscard]] CHROMA_API const char* to_string(ReadLevel level) noexcept;
CHROMA_API std::ostream& operator<<(std::ostream& out, ReadLevel level);

}  // namespace chroma
