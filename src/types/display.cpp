#include "types/display.hpp"

#include <charconv>
#include <cmath>
#include <ostream>
#include <string>
#include <string_view>

namespace chroma::detail {

void display(std::ostream& out, double value) {
  if (std::isnan(value)) {
    out << "NaN";
    return;
  }
  if (std::signbit(value)) out << '-';
  if (std::isinf(value)) {
    out << "inf";
    return;
  }
  // The text has the form d.ddde+xx. The fixed form of std::to_chars would write all 301 digits of 1e300
  // exactly.
  char text[32];
  const char* end =
      std::to_chars(text, text + sizeof text, std::fabs(value), std::chars_format::scientific).ptr;
  std::string_view scientific(text, static_cast<std::size_t>(end - text));
  std::size_t e = scientific.find('e');
  std::string digits(scientific.substr(0, e));
  if (digits.size() > 1) digits.erase(1, 1);
  std::string_view power = scientific.substr(e + 1);
  if (power.front() == '+') power.remove_prefix(1);
  int exponent = 0;
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  int point = exponent + 1;  // Number of digits before the decimal point.
  if (point <= 0) {
    out << "0." << std::string(static_cast<std::size_t>(-point), '0') << digits;
    return;
  }
  auto whole = static_cast<std::size_t>(point);
  if (whole >= digits.size()) {
    out << digits << std::string(whole - digits.size(), '0');
    return;
  }
  out << std::string_view(digits).substr(0, whole) << '.' << std::string_view(digits).substr(whole);
}

}  // namespace chroma::detail
