#include "types/display.hpp"

#include "core/buffer.hpp"
#include "core/utf8.hpp"
#include "json/writer.hpp"

#include <charconv>
#include <cmath>

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

void display(std::ostream& out, std::string_view text) {
  core::Buffer json;
  json::Writer(json).string(text);
  out << json.view();
}

void display(std::ostream& out, std::string_view text, std::size_t most_bytes) {
  const std::string_view shown = core::utf8_prefix(text, most_bytes);
  display(out, shown);
  if (shown.size() < text.size()) out << "...";
}

void display(std::ostream& out, std::span<const float> row) {
  out << '[';
  display_first(out, row, 4, [&](float value) { out << value; });
  out << ']';
}

void display(std::ostream& out, const std::vector<std::string>& ids) {
  display_first(out, ids, 5, [&](const std::string& id) { display(out, std::string_view(id), 80); });
}

}  // namespace chroma::detail
