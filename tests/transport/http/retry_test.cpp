#include "transport/retry.hpp"

#include <boost/asio/ssl/error.hpp>

#include <limits>

namespace chroma::transport {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds no_deadline = milliseconds::max();

AttemptResult responded(int status, bool read_only) {
  AttemptResult result;
  result.status = status;
  result.read_only = read_only;
  return result;
}

AttemptResult failed(Stage stage, bool read_only) {
  AttemptResult result;
  result.failed_stage = stage;
  result.read_only = read_only;
  return result;
}

ChromaRetryOptions options(std::size_t retries, milliseconds min, milliseconds max, bool jitter) {
  ChromaRetryOptions result;
  result.max_retries = retries;
  result.min_delay = min;
  result.max_delay = max;
  result.jitter = jitter;
  return result;
}

TEST(IsWorthRetrying, ByStatus) {
  for (int status = 100; status < 600; ++status) {
    const bool overload = status == 429;
    const bool server = status == 500 || status == 502 || status == 503 || status == 504;
    EXPECT_EQ(is_worth_retrying(responded(status, true)), overload || server) << status;
    EXPECT_EQ(is_worth_retrying(responded(status, false)), overload) << status;
  }
}

TEST(IsWorthRetrying, TransportFailuresOfReadsOnly) {
  for (const Stage stage : {Stage::resolve, Stage::connect, Stage::proxy, Stage::tls, Stage::write,
                            Stage::read, Stage::timeout}) {
    EXPECT_TRUE(is_worth_retrying(failed(stage, true))) << stage;
    EXPECT_FALSE(is_worth_retrying(failed(stage, false))) << stage;
  }
  AttemptResult refused = failed(Stage::tls, true);
  refused.failure = boost::system::error_code(1, asio::error::get_ssl_category());
  EXPECT_FALSE(is_worth_retrying(refused));
  refused = failed(Stage::proxy, true);
  refused.failure = std::make_error_code(std::errc::permission_denied);
  EXPECT_FALSE(is_worth_retrying(refused));
  for (const Stage stage : {Stage::cancelled, Stage::decode}) {
    EXPECT_FALSE(is_worth_retrying(failed(stage, true))) << stage;
  }
}

TEST(Backoff, DoublesUpToTheLimit) {
  const auto plain = options(9, milliseconds(200), milliseconds(5000), false);
  const int expected[] = {200, 400, 800, 1600, 3200, 5000, 5000};
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(backoff(plain, i + 1, 0.9).count(), expected[i]);
  }
}

TEST(Backoff, JitterDoublesAtMostAndStaysBelowTheLimit) {
  const ChromaRetryOptions defaults;
  EXPECT_EQ(backoff(defaults, 1, 0.0), milliseconds(200));
  EXPECT_EQ(backoff(defaults, 1, 0.5), milliseconds(300));
  EXPECT_EQ(backoff(defaults, 3, 0.25), milliseconds(1000));
  EXPECT_EQ(backoff(defaults, 5, 0.99), milliseconds(5000));
  EXPECT_EQ(backoff(defaults, 6, 0.5), milliseconds(5000));
}

TEST(Backoff, AbsurdNumbersDoNotOverflow) {
  const milliseconds huge = milliseconds::max();
  EXPECT_EQ(backoff(options(3, huge, huge, true), 1, 0.999), huge);
  EXPECT_EQ(backoff(options(3, milliseconds(1), huge, false), std::numeric_limits<std::size_t>::max(), 0),
            huge);
  EXPECT_EQ(backoff(options(3, huge, milliseconds(5), true), 1, 0.5), milliseconds(5));
  EXPECT_EQ(backoff(options(3, milliseconds(0), huge, true), 1'000'000'000, 0.5), milliseconds(0));
  EXPECT_EQ(backoff(options(3, milliseconds(-5), milliseconds(-7), true), 2, 0.5), milliseconds(0));
}

TEST(RetryDelay, EndsWithTheRetries) {
  const auto three = options(3, milliseconds(10), milliseconds(100), false);
  EXPECT_EQ(retry_delay(three, responded(429, false), 0, no_deadline, 0), milliseconds(10));
  EXPECT_EQ(retry_delay(three, responded(429, false), 2, no_deadline, 0), milliseconds(40));
  EXPECT_EQ(retry_delay(three, responded(429, false), 3, no_deadline, 0), std::nullopt);
  EXPECT_EQ(retry_delay(options(0, milliseconds(0), milliseconds(0), false), responded(429, true), 0,
                        no_deadline, 0),
            std::nullopt);
  EXPECT_EQ(retry_delay(three, responded(200, true), 0, no_deadline, 0), std::nullopt);
}

TEST(RetryDelay, LongerRetryAfterWins) {
  const auto three = options(3, milliseconds(10), milliseconds(100), false);
  AttemptResult result = responded(503, true);
  result.retry_after = milliseconds(7000);
  EXPECT_EQ(retry_delay(three, result, 0, no_deadline, 0), milliseconds(7000));
  result.retry_after = milliseconds(1);
  EXPECT_EQ(retry_delay(three, result, 0, no_deadline, 0), milliseconds(10));
}

TEST(RetryDelay, NeverPassesTheDeadline) {
  const auto three = options(3, milliseconds(10), milliseconds(100), false);
  AttemptResult result = responded(429, false);
  EXPECT_EQ(retry_delay(three, result, 0, milliseconds(11), 0), milliseconds(10));
  EXPECT_EQ(retry_delay(three, result, 0, milliseconds(10), 0), std::nullopt);
  EXPECT_EQ(retry_delay(three, result, 0, milliseconds(-3), 0), std::nullopt);
  result.retry_after = milliseconds(60'000);
  EXPECT_EQ(retry_delay(three, result, 0, milliseconds(50'000), 0), std::nullopt);
  const auto at_once = options(3, milliseconds(0), milliseconds(0), true);
  EXPECT_EQ(retry_delay(at_once, responded(429, false), 0, milliseconds(0), 0), std::nullopt);
  EXPECT_EQ(retry_delay(at_once, responded(429, false), 0, milliseconds(1), 0), milliseconds(0));
}

TEST(RetryDelay, ALongerRetryAfterThanAllowedEndsTheCall) {
  ChromaRetryOptions allowed = options(3, milliseconds(1), milliseconds(1), false);
  EXPECT_EQ(allowed.max_retry_after, std::chrono::seconds(60));
  AttemptResult busy = responded(429, false);
  busy.retry_after = std::chrono::seconds(60);
  EXPECT_EQ(retry_delay(allowed, busy, 0, no_deadline, 0), std::chrono::seconds(60));
  busy.retry_after = std::chrono::seconds(61);
  EXPECT_EQ(retry_delay(allowed, busy, 0, no_deadline, 0), std::nullopt);
  allowed.max_retry_after = milliseconds::max();
  EXPECT_EQ(retry_delay(allowed, busy, 0, no_deadline, 0), std::chrono::seconds(61));
}

}  // namespace
}  // namespace chroma::transport
