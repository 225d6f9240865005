#pragma once

#include <chroma/bulk.hpp>

#include <chrono>

namespace chroma::bulk {

/// Longer durations count as this one: two of them can be added to the present time, and converted to the
/// unit of the clock, without an overflow.
inline constexpr std::chrono::milliseconds longest_duration = std::chrono::hours(100 * 365 * 24);

/// The options with durations of at most `longest_duration`.
/// @throws ChromaHttpClientError with ValidationError that names an invalid option
[[nodiscard]] BulkOptions checked(BulkOptions options);

}  // namespace chroma::bulk
