// Retry-After and the dates of HTTP (RFC 9110, 5.6.7 and 10.2.3).

#include "core/header_text.hpp"
#include "transport/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace chroma::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::sys_seconds;

/// Longest delay that is told apart from longer ones; far beyond any use, and safe to add to a time.
constexpr std::chrono::seconds longest_delay{std::int64_t(1) << 32};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Parses a date from left to right; after the first mismatch all further parts fail.
class DateScanner {
 public:
  explicit DateScanner(std::string_view text) noexcept : rest_(text) {}

  DateScanner& literal(std::string_view expected) noexcept {
    ok_ = ok_ && rest_.starts_with(expected);
    if (ok_) rest_.remove_prefix(expected.size());
    return *this;
  }

  /// Exactly `width` digits.
  int number(std::size_t width) noexcept {
    int value = 0;
    ok_ = ok_ && rest_.size() >= width &&
          std::all_of(rest_.begin(), rest_.begin() + std::ptrdiff_t(width), is_digit);
    if (!ok_) return 0;
    std::from_chars(rest_.data(), rest_.data() + width, value);
    rest_.remove_prefix(width);
    return value;
  }

  /// The index of the name that comes next.
  template <std::size_t N>
  int name(const std::array<std::string_view, N>& names) noexcept {
    for (std::size_t i = 0; ok_ && i < N; ++i) {
      if (!rest_.starts_with(names[i])) continue;
      rest_.remove_prefix(names[i].size());
      return static_cast<int>(i);
    }
    ok_ = false;
    return 0;
  }

  [[nodiscard]] bool at_end() const noexcept { return ok_ && rest_.empty(); }
  [[nodiscard]] char next() const noexcept { return ok_ && !rest_.empty() ? rest_.front() : '\0'; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

constexpr std::array<std::string_view, 7> day_names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> long_day_names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                         "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Fields {
  int year = 0;
  int month = 0;  ///< From 0.
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;

  void read_time(DateScanner& scan) noexcept {
    hour = scan.number(2);
    minute = scan.literal(":").number(2);
    second = scan.literal(":").number(2);
  }

  [[nodiscard]] std::optional<sys_seconds> to_time() const noexcept {
    const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(unsigned(month) + 1),
                                           std::chrono::day(unsigned(day)));
    // A leap second counts as the one before.
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(std::min(second, 59));
  }
};

std::optional<sys_seconds> parse_fixed(std::string_view text) noexcept {
  DateScanner scan(text);
  Fields fields;
  scan.name(day_names);
  fields.day = scan.literal(", ").number(2);
  fields.month = scan.literal(" ").name(month_names);
  fields.year = scan.literal(" ").number(4);
  fields.read_time(scan.literal(" "));
  if (!scan.literal(" GMT").at_end()) return std::nullopt;
  return fields.to_time();
}

std::optional<sys_seconds> parse_two_digit_year(std::string_view text, sys_seconds now) noexcept {
  DateScanner scan(text);
  Fields fields;
  scan.name(long_day_names);
  fields.day = scan.literal(", ").number(2);
  fields.month = scan.literal("-").name(month_names);
  const int year = scan.literal("-").number(2);
  fields.read_time(scan.literal(" "));
  if (!scan.literal(" GMT").at_end()) return std::nullopt;
  // More than 50 years ahead means the century before.
  const int this_year = int(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year());
  fields.year = this_year - this_year % 100 + year;
  if (fields.year > this_year + 50) fields.year -= 100;
  return fields.to_time();
}

std::optional<sys_seconds> parse_asctime(std::string_view text) noexcept {
  DateScanner scan(text);
  Fields fields;
  scan.name(day_names);
  fields.month = scan.literal(" ").name(month_names);
  scan.literal(" ");
  fields.day = scan.next() == ' ' ? scan.literal(" ").number(1) : scan.number(2);
  fields.read_time(scan.literal(" "));
  fields.year = scan.literal(" ").number(4);
  if (!scan.at_end()) return std::nullopt;
  return fields.to_time();
}

}  // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text, sys_seconds now) noexcept {
  if (auto time = parse_fixed(text)) return time;
  if (auto time = parse_two_digit_year(text, now)) return time;
  return parse_asctime(text);
}

std::optional<milliseconds> parse_retry_after(std::string_view value, sys_seconds now) noexcept {
  value = core::trimmed(value);
  if (value.empty()) return std::nullopt;
  if (std::all_of(value.begin(), value.end(), is_digit)) {
    std::int64_t seconds = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (parsed.ec != std::errc()) return longest_delay;
    return std::min(std::chrono::seconds(seconds), longest_delay);
  }
  const auto time = parse_http_date(value, now);
  if (!time) return std::nullopt;
  return std::clamp(std::chrono::seconds(*time - now), std::chrono::seconds(0), longest_delay);
}

std::optional<milliseconds> retry_after(const HttpResponse& response) noexcept {
  const std::string_view value = response.header("retry-after");
  if (value.empty()) return std::nullopt;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return parse_retry_after(value, parse_http_date(core::trimmed(response.header("date")), now).value_or(now));
}

}  // namespace chroma::transport
