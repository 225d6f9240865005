// The header Retry-After and the dates of HTTP (RFC 9110, sections 5.6.7 and 10.2.3).

#include "core/ascii.hpp"
#include "transport/retry.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

namespace chroma::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::sys_seconds;

/// Longer delays are cut to this one. It can be added to any time of this millennium without an overflow.
constexpr std::chrono::seconds longest_delay{std::int64_t(1) << 32};

// std::get_time and not std::chrono::parse, which libstdc++ 12 does not have. With the classic locale it
// reads English names whatever locale the program uses.
std::optional<std::tm> parse(std::string_view text, const char* format) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  std::tm fields{};
  in >> std::get_time(&fields, format);
  if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
  return fields;
}

std::optional<sys_seconds> to_time(const std::tm& fields) {
  const std::chrono::year_month_day date(std::chrono::year(fields.tm_year + 1900),
                                         std::chrono::month(static_cast<unsigned>(fields.tm_mon + 1)),
                                         std::chrono::day(static_cast<unsigned>(fields.tm_mday)));
  if (!date.ok() || fields.tm_sec > 60) return std::nullopt;
  // A leap second counts as the second before it.
  return std::chrono::sys_days(date) + std::chrono::hours(fields.tm_hour) +
         std::chrono::minutes(fields.tm_min) + std::chrono::seconds(std::min(fields.tm_sec, 59));
}

// RFC 9110, 5.6.7: a year with two digits that would be more than 50 years ahead is in the past.
void set_century(std::tm& fields, sys_seconds now) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const int this_year = static_cast<int>(today.year());
  int year = this_year - this_year % 100 + fields.tm_year % 100;
  if (year > this_year + 50) year -= 100;
  fields.tm_year = year - 1900;
}

/// A number of milliseconds, or with `unit` 1000 of seconds, which may have a fraction.
std::optional<milliseconds> parse_number(std::string_view value, std::int64_t unit) {
  const auto whole = value.substr(0, value.find('.'));
  const auto fraction = value.substr(std::min(whole.size() + 1, value.size()));
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), core::is_digit) ||
      !std::all_of(fraction.begin(), fraction.end(), core::is_digit)) {
    return std::nullopt;
  }
  std::int64_t count = 0;
  const auto parsed = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  if (parsed.ec != std::errc() || count > milliseconds(longest_delay).count() / unit) return longest_delay;
  milliseconds result(count * unit);
  for (const char digit : fraction) {
    unit /= 10;
    result += milliseconds((digit - '0') * unit);
  }
  return result;
}

}  // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text, sys_seconds now) {
  // std::get_time takes numbers with fewer digits than HTTP wants; the lengths do not.
  constexpr std::size_t fixed_length = 29;
  constexpr std::size_t asctime_length = 24;
  constexpr std::size_t length_after_weekday = 24;
  std::optional<std::tm> fields;
  if (text.size() == fixed_length) fields = parse(text, "%a, %d %b %Y %H:%M:%S GMT");
  if (!fields && text.size() == asctime_length) fields = parse(text, "%a %b %e %H:%M:%S %Y");
  if (!fields && text.size() - std::min(text.find(','), text.size()) == length_after_weekday) {
    fields = parse(text, "%A, %d-%b-%y %H:%M:%S GMT");
    if (fields) set_century(*fields, now);
  }
  return fields ? to_time(*fields) : std::nullopt;
}

std::optional<milliseconds> parse_retry_after(std::string_view value, sys_seconds now) {
  value = core::trimmed(value);
  if (value.empty()) return std::nullopt;
  if (const auto delay = parse_number(value, 1000)) return delay;
  const auto time = parse_http_date(value, now);
  if (!time) return std::nullopt;
  return std::clamp(std::chrono::seconds(*time - now), std::chrono::seconds(0), longest_delay);
}

std::optional<milliseconds> retry_after(const HttpResponse& response) {
  const auto exact = parse_number(core::trimmed(response.header("retry-after-ms")), 1);
  if (exact) return exact;
  const std::string_view value = response.header("retry-after");
  if (value.empty()) return std::nullopt;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return parse_retry_after(value, parse_http_date(core::trimmed(response.header("date")), now).value_or(now));
}

}  // namespace chroma::transport
