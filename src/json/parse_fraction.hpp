#pragma once

#include <array>
#include <bit>
#include <cfloat>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace chroma::json {

/// Eight characters at once, on a little-endian machine the first in the lowest byte.
[[nodiscard]] inline std::uint64_t load8(const char* p) noexcept {
  std::uint64_t chunk;
  std::memcpy(&chunk, p, sizeof chunk);
  return chunk;
}

inline constexpr std::uint64_t ascii_zeros = 0x3030303030303030;

/// The integer of eight digits that are stored as values 0 to 9. Joins neighbours three times: to four pairs,
/// two numbers of four digits, one of eight.
[[nodiscard]] inline std::uint64_t join_digits(std::uint64_t chunk) noexcept {
  chunk = chunk * 10 + (chunk >> 8);
  chunk = (chunk & 0x00FF00FF00FF00FF) * 100 + ((chunk >> 16) & 0x00FF00FF00FF00FF);
  return (chunk & 0xFFFF) * 10'000 + ((chunk >> 32) & 0xFFFF);
}

/// The number of digits at the beginning of eight characters. A byte is beyond 9 if adding 0x76
/// carries into its highest bit or that bit is set; carries go on to later characters only.
[[nodiscard]] inline int leading_digits(std::uint64_t chunk) noexcept {
  const std::uint64_t x = chunk ^ ascii_zeros;
  const std::uint64_t beyond = ((x + 0x7676767676767676) | x) & 0x8080808080808080;
  // The bit `last` avoids a branch for eight digits, where the zeros of 0 would be counted.
  constexpr std::uint64_t last = std::uint64_t(1) << 63;
  return std::countr_zero(beyond | last) / 8 + (beyond == 0);
}

/// The integer of the first `count` (0 to 8) of eight characters. Zeros are shifted in before them.
[[nodiscard]] inline std::uint64_t value_of_first(std::uint64_t chunk, int count) noexcept {
  const int half = 4 * (8 - count);  // Shifted twice, because a shift by 64 bits is undefined.
  return join_digits((chunk - ascii_zeros) << half << half);
}

inline constexpr std::array<std::uint64_t, 9> integer_powers_of_ten = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

/// The powers of ten that are exact as doubles.
inline constexpr std::array<double, 23> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// The bits of a double that a float does not have, and their value halfway between two floats. Only there
/// rounding to a double and then to a float may differ from rounding once.
inline constexpr std::uint64_t below_float = (std::uint64_t(1) << 29) - 1;
inline constexpr std::uint64_t halfway = std::uint64_t(1) << 28;

/// `parse_fraction` reads this far, whatever the number's length.
inline constexpr std::ptrdiff_t fraction_text = 20;

/// Reads a number of the form that nearly every number of an embedding has: one digit, a point, at most 14
/// digits, no exponent. It has few branches, because the lengths vary too much for branch prediction. Returns
/// nullptr, with `out` unchanged, for other forms, for results that need more care, and on other machines.
/// @pre `fraction_text` characters may be read
[[nodiscard]] inline const char* parse_fraction(const char* first, float& out) noexcept {
  if (std::endian::native != std::endian::little || FLT_EVAL_METHOD != 0) return nullptr;
  const bool negative = *first == '-';
  const char* p = first + negative;
  const auto digit = static_cast<std::uint64_t>(*p) - '0';
  if (digit > 9 || p[1] != '.') return nullptr;
  p += 2;
  const std::uint64_t chunk = load8(p);
  const std::uint64_t next = load8(p + 8);
  const int count = leading_digits(chunk);
  const int more = leading_digits(next) & -(count >> 3);  // None unless `count` is 8.
  if (count == 0 || more > 6) return nullptr;
  const int length = count + more;
  const std::uint64_t high =
      digit * integer_powers_of_ten[static_cast<std::size_t>(count)] + value_of_first(chunk, count);
  const std::uint64_t number =
      high * integer_powers_of_ten[static_cast<std::size_t>(more)] + value_of_first(next, more);
  p += length;
  if (*p == 'e' || *p == 'E') return nullptr;
  // 15 digits and a power of ten below 10^22 are exact doubles, so one division rounds once.
  const double value = static_cast<double>(number) / powers_of_ten[static_cast<std::size_t>(length)];
  const auto bits = std::bit_cast<std::uint64_t>(value) | std::uint64_t(negative) << 63;
  // The value is far from the limits of the range of a float, so that only this case needs more care.
  if ((bits & below_float) == halfway) return nullptr;
  out = static_cast<float>(std::bit_cast<double>(bits));
  return p;
}

}  // namespace chroma::json
