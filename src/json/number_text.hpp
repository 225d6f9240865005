#pragma once

#include <cstddef>
#include <cstdint>

// These functions need the default floating-point environment, which readers and writers of JSON set.

namespace chroma::json {

/// The parts of a JSON number: (-)digits * 10^exponent.
struct NumberText {
  const char* end = nullptr;     ///< The end of the number; nullptr if the text does not begin with one.
  std::uint64_t digits = 0;      ///< Valid only if `digit_count` is at most 19.
  std::int64_t digit_count = 0;  ///< Without leading zeros; 0 for zero.
  std::int64_t exponent = 0;     ///< Of ten; the length of the fraction is already subtracted.
  bool negative = false;
  bool integral = false;  ///< Neither a '.' nor an exponent.
};

/// Scans the JSON number at `first`, strictly by the grammar ("01", "+1", ".5" and "1." are not numbers).
[[nodiscard]] NumberText scan_number(const char* first, const char* last) noexcept;

/// Reads the JSON number at `first`, rounded to the nearest value of the type as std::from_chars rounds.
/// Returns the end of the number, or nullptr if there is none or if it exceeds the largest finite value;
/// then `out` is unchanged. A number that is too small becomes a zero of the same sign.
[[nodiscard]] const char* parse_float32(const char* first, const char* last, float& out) noexcept;
[[nodiscard]] const char* parse_float64(const char* first, const char* last, double& out) noexcept;

/// The longest text that `format_number` writes.
inline constexpr std::size_t max_number_text = 32;

/// Writes the shortest text that is read as the same value. It has a '.' or an exponent ("2.0"), so that it
/// remains a float. Writes "null" for NaN and infinities. Returns the end of the text.
/// @pre `out` has space for `max_number_text` characters
char* format_number(char* out, float value) noexcept;
char* format_number(char* out, double value) noexcept;

}  // namespace chroma::json
