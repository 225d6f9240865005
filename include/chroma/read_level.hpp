#pragma once

/// @file
/// `ReadLevel`: which writes a read takes into account.

#include <chroma/export.hpp>

#include <cstdint>
#include <iosfwd>

namespace chroma {

/// The data that `count` and `search` read. More levels may be added: write a default in a `switch` over this
/// type.
enum class ReadLevel : std::uint8_t {
  IndexAndWal,         ///< The index and the whole write-ahead log, thus all writes. The default.
  IndexOnly,           ///< The index only, which is fastest and lacks the latest writes.
  IndexAndBoundedWal,  ///< The index and a limited part of the write-ahead log.
};

/// The name in requests, for example "index_and_wal".
[[nodiscard]] CHROMA_API const char* to_string(ReadLevel level) noexcept;
/// Writes `to_string(level)`.
CHROMA_API std::ostream& operator<<(std::ostream& out, ReadLevel level);

}  // namespace chroma
