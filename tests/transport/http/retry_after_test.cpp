#include "transport/retry.hpp"

#include <string>

namespace chroma::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

const sys_seconds now{seconds(784'111'777)};  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(HttpDate, ThreeForms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now), now);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now), now);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", now), now);
  EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994", now), now + std::chrono::days(10));
}

TEST(HttpDate, TwoDigitYearsAreNotFarAhead) {
  const sys_seconds in_2026 = parse_http_date("Tue, 24 Nov 2026 00:00:00 GMT", now).value();
  EXPECT_EQ(parse_http_date("Friday, 01-Jan-76 00:00:00 GMT", in_2026),
            parse_http_date("Wed, 01 Jan 2076 00:00:00 GMT", in_2026));
  EXPECT_EQ(parse_http_date("Saturday, 01-Jan-77 00:00:00 GMT", in_2026),
            parse_http_date("Sat, 01 Jan 1977 00:00:00 GMT", in_2026));
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const char* text :
       {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:00:61 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(parse_http_date(text, now), std::nullopt) << text;
  }
}

TEST(RetryAfter, Table) {
  const auto longest = milliseconds(seconds(std::int64_t(1) << 32));
  const std::pair<const char*, std::optional<milliseconds>> table[] = {
      {"0", milliseconds(0)},
      {"7", seconds(7)},
      {" 120 ", seconds(120)},
      {"99999999999999999999999999", longest},
      {"9223372036854775807", longest},
      {"Sun, 06 Nov 1994 08:50:37 GMT", seconds(60)},
      {"Sunday, 06-Nov-94 08:50:37 GMT", seconds(60)},
      {"Sun Nov  6 08:50:37 1994", seconds(60)},
      {"Sun, 06 Nov 1994 08:00:00 GMT", seconds(0)},
      {"Fri, 31 Dec 9999 23:59:59 GMT", longest},
      {"Sat, 01 Jan 0000 00:00:00 GMT", seconds(0)},
      {"", std::nullopt},
      {"-1", std::nullopt},
      {"1.5", milliseconds(1500)},
      {"0.0625", milliseconds(62)},
      {"1.", seconds(1)},
      {".5", std::nullopt},
      {"1.5.5", std::nullopt},
      {"1e3", std::nullopt},
      {"soon", std::nullopt},
      {"7 seconds", std::nullopt},
  };
  for (const auto& [value, expected] : table) EXPECT_EQ(parse_retry_after(value, now), expected) << value;
}

TEST(RetryAfter, DatesAreComparedWithTheServersClock) {
  HttpResponse response;
  response.headers = {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                      {"Retry-After", "Sun, 06 Nov 1994 08:49:40 GMT"}};
  EXPECT_EQ(retry_after(response), seconds(3));
  response.headers.emplace_back("retry-after-ms", "12.5");
  EXPECT_EQ(retry_after(response), milliseconds(12));
  response.headers.back().second = "soon";
  EXPECT_EQ(retry_after(response), seconds(3));
  response.headers.pop_back();
  response.headers.erase(response.headers.begin());
  EXPECT_EQ(retry_after(response), seconds(0));
  response.headers.clear();
  EXPECT_EQ(retry_after(response), std::nullopt);
}

}  // namespace
}  // namespace chroma::transport
