#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace chroma::json {

/// One way to read the numbers of an embedding many at a time. The library takes the first that the processor
/// has.
struct FractionParser {
  const char* name;
  bool (*is_supported)() noexcept;
  /// Reads numbers of the usual form (a digit, a point, digits; a minus before them), each with a comma
  /// directly behind it, from `text[offset]` on. Reads four at a time, for as long as there are four, room
  /// for them in `out`, and enough text around them, so that those that remain are left to plain code. Each
  /// is rounded to the nearest float. Returns how many it has read and moves `offset` behind the comma of the
  /// last.
  std::size_t (*parse)(std::string_view text, std::size_t& offset, std::span<float> out) noexcept;
};

/// Those that this program was compiled with, the fastest first. The last one reads nothing, on any
/// processor.
[[nodiscard]] std::span<const FractionParser> fraction_parsers() noexcept;

/// The first that the processor has.
[[nodiscard]] const FractionParser& best_fraction_parser() noexcept;

}  // namespace chroma::json
