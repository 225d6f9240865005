#include "json/number_text.hpp"

#include "core/ascii.hpp"
#include "json/parse_fraction.hpp"

#include <array>
#include <bit>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

namespace chroma::json {
namespace {

using core::is_digit;

// A byte is a digit exactly if its high half is 3 both before and after adding 6.
bool all_digits(std::uint64_t chunk) noexcept {
  constexpr std::uint64_t high_halves = 0xF0F0F0F0F0F0F0F0;
  constexpr std::uint64_t threes = 0x3030303030303030;
  return (chunk & high_halves) == threes && ((chunk + 0x0606060606060606) & high_halves) == threes;
}

const char* scan_digits(const char* p, const char* last, std::uint64_t& value) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    while (last - p >= 8) {
      std::uint64_t chunk = load8(p);
      if (!all_digits(chunk)) break;
      value = value * 100'000'000 + join_digits(chunk - ascii_zeros);
      p += 8;
    }
  }
  while (p != last && is_digit(*p)) value = value * 10 + static_cast<std::uint64_t>(*p++ - '0');
  return p;
}

// With an exponent of this size a number is out of range, for any number of digits.
constexpr std::int64_t exponent_limit = std::int64_t(1) << 60;

inline NumberText scan(const char* p, const char* last) noexcept {
  NumberText number;
  if (p != last && *p == '-') {
    number.negative = true;
    ++p;
  }
  if (p == last || !is_digit(*p)) return number;
  if (*p == '0') {
    ++p;
    if (p != last && is_digit(*p)) return number;
  } else {
    const char* begin = p;
    while (p != last && is_digit(*p))
      number.digits = number.digits * 10 + static_cast<std::uint64_t>(*p++ - '0');
    number.digit_count = p - begin;
  }
  number.integral = true;
  if (p != last && *p == '.') {
    number.integral = false;
    const char* begin = ++p;
    if (number.digit_count == 0) {
      while (p != last && *p == '0') ++p;
    }
    const char* significant = p;
    p = scan_digits(p, last, number.digits);
    if (p == begin) return number;
    number.digit_count += p - significant;
    number.exponent = begin - p;
  }
  if (p != last && (*p == 'e' || *p == 'E')) {
    number.integral = false;
    ++p;
    bool down = p != last && *p == '-';
    if (p != last && (*p == '-' || *p == '+')) ++p;
    if (p == last || !is_digit(*p)) return number;
    std::int64_t exponent = 0;
    for (; p != last && is_digit(*p); ++p) {
      if (exponent < exponent_limit / 16) exponent = exponent * 10 + (*p - '0');
    }
    number.exponent += down ? -exponent : exponent;
  }
  number.end = p;
  return number;
}

// True if both operands are exact as doubles, so that one operation rounds once (Clinger's fast path). Always
// false on machines that calculate with more precision than a double has.
bool exact_operands(const NumberText& number) noexcept {
  return FLT_EVAL_METHOD == 0 && number.digit_count <= 19 && number.digits <= (std::uint64_t(1) << 53) &&
         number.exponent >= -22 && number.exponent <= 22;
}

double one_operation(const NumberText& number) noexcept {
  auto digits = static_cast<double>(number.digits);
  double value = number.exponent < 0 ? digits / powers_of_ten[static_cast<std::size_t>(-number.exponent)]
                                     : digits * powers_of_ten[static_cast<std::size_t>(number.exponent)];
  // A branch on the sign would be mispredicted half of the time.
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) | std::uint64_t(number.negative) << 63);
}

template <class T>
const char* parse_slowly(const char* first, const NumberText& number, T& out) noexcept {
  T value = 0;
  auto [end, error] = std::from_chars(first, number.end, value);
  bool out_of_range = error == std::errc::result_out_of_range || std::isinf(value);
  if (out_of_range) {
    if (number.exponent + number.digit_count > 0) return nullptr;
    value = number.negative ? -T(0) : T(0);
  } else if (end != number.end || error != std::errc()) {
    return nullptr;
  }
  out = value;
  return number.end;
}

template <class T>
char* format(char* out, T value) noexcept {
  if (!std::isfinite(value)) {
    std::memcpy(out, "null", 4);
    return out + 4;
  }
  char* end = std::to_chars(out, out + max_number_text, value).ptr;
  std::string_view text(out, static_cast<std::size_t>(end - out));
  if (text.find_first_of(".e") == std::string_view::npos) {
    *end++ = '.';
    *end++ = '0';
  }
  return end;
}

// Writes the shortest text of a float of usual size, several times as fast as std::to_chars. The rounding
// interval of the float is scaled to integers of nine digits and searched for the number that ends in the
// most zeros. Doubles represent the interval with an error below `doubt`. If that error could matter, and for
// powers of two, whose interval is asymmetric, it writes nothing and returns nullptr.
char* format_usual(char* out, float value) noexcept {
  constexpr double doubt = 1e-6;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const double size = std::fabs(static_cast<double>(value));
  if (!(size >= 1e-5 && size < 1e7) || (bits & 0x7FFFFF) == 0) return nullptr;
  const int exponent = static_cast<int>(bits >> 23 & 0xFF) - 127;
  // 10^-scale has the size of the last of nine digits; log10(2) is a little more than 1233/4096.
  int scale = 8 - (exponent * 1233 >> 12);
  if (size * powers_of_ten[static_cast<std::size_t>(scale)] >= 1e9) --scale;
  const double factor = powers_of_ten[static_cast<std::size_t>(scale)];
  const auto half_step = std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent - 24) << 52);
  const double low = (size - half_step) * factor;
  const double high = (size + half_step) * factor;
  auto first = static_cast<std::uint32_t>(low + doubt) + 1;
  auto last = static_cast<std::uint32_t>(high - doubt);
  if (first != static_cast<std::uint32_t>(low - doubt) + 1) return nullptr;
  if (last != static_cast<std::uint32_t>(high + doubt)) return nullptr;
  double nearest = size * factor;
  while ((first + 9) / 10 <= last / 10) {
    first = (first + 9) / 10;
    last /= 10;
    nearest /= 10;
    --scale;
  }
  const auto rounded = static_cast<std::uint32_t>(nearest + 0.5);
  const std::uint32_t number = rounded < first ? first : rounded > last ? last : rounded;

  std::array<char, 10> digits{};
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const auto count = static_cast<int>(end - digits.data());
  const auto put = [&](const char* from, int length) {
    std::memcpy(out, from, static_cast<std::size_t>(length));
    out += length;
  };
  constexpr char zeros[] = "0000000000";
  *out = '-';
  out += bits >> 31;
  if (scale <= 0) {
    put(digits.data(), count);
    put(zeros, -scale);
    put(".0", 2);
  } else if (scale < count) {
    put(digits.data(), count - scale);
    *out++ = '.';
    put(digits.data() + count - scale, scale);
  } else {
    put("0.", 2);
    put(zeros, scale - count);
    put(digits.data(), count);
  }
  return out;
}

}  // namespace

NumberText scan_number(const char* first, const char* last) noexcept {
  return scan(first, last);
}

const char* parse_float32(const char* first, const char* last, float& out) noexcept {
  if (last - first >= fraction_text) {
    if (const char* end = parse_fraction(first, out)) return end;
  }
  const NumberText number = scan(first, last);
  if (number.end == nullptr) return nullptr;
  if (number.digit_count == 0) {
    out = number.negative ? -0.0F : 0.0F;
    return number.end;
  }
  if (exact_operands(number)) {
    double value = one_operation(number);
    bool in_range =
        std::fabs(value) >= static_cast<double>(FLT_MIN) && std::fabs(value) <= static_cast<double>(FLT_MAX);
    if (in_range && (std::bit_cast<std::uint64_t>(value) & below_float) != halfway) {
      out = static_cast<float>(value);
      return number.end;
    }
  }
  return parse_slowly(first, number, out);
}

const char* parse_float64(const char* first, const char* last, double& out) noexcept {
  NumberText number = scan(first, last);
  if (number.end == nullptr) return nullptr;
  if (number.digit_count == 0 || exact_operands(number)) {
    out = number.digit_count == 0 ? (number.negative ? -0.0 : 0.0) : one_operation(number);
    return number.end;
  }
  return parse_slowly(first, number, out);
}

char* format_number(char* out, float value) noexcept {
  char* end = format_usual(out, value);
  return end ? end : format(out, value);
}

char* format_number(char* out, double value) noexcept {
  return format(out, value);
}

}  // namespace chroma::json
