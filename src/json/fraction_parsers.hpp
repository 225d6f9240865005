#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace chroma::json {

/// A function that reads several numbers of an embedding at a time. The library uses the first one that the
/// processor supports.
struct FractionParser {
  const char* name;
  bool (*is_supported)() noexcept;
  /// Reads numbers of the usual form (an optional minus, a digit, a point, digits), each directly followed by
  /// a comma, from `text[offset]` on, four at a time. It stops when there are fewer than four numbers, no
  /// space for them in `out`, or too little text around them; the caller reads the rest one by one. Each
  /// number is rounded to the nearest float. Returns how many it has read and moves `offset` behind the comma
  /// of the last one.
  std::size_t (*parse)(std::string_view text, std::size_t& offset, std::span<float> out) noexcept;
};

/// The functions that this program was compiled with, the fastest first. The last one is supported by every
/// processor and reads nothing.
[[nodiscard]] std::span<const FractionParser> fraction_parsers() noexcept;

/// The first one that the processor supports.
[[nodiscard]] const FractionParser& best_fraction_parser() noexcept;

}  // namespace chroma::json
