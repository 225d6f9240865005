#include "json/number_text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace chroma::json;

template <class T>
std::string text_of(T value) {
  char text[max_number_text];
  return std::string(text, format_number(text, value));
}

// The bits of the float that the whole text reads as; -1 if it does not.
std::int64_t float_bits(std::string_view text) {
  float value = 0;
  const char* end = parse_float32(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return -1;
  return std::bit_cast<std::uint32_t>(value);
}

std::int64_t reference_bits(std::string_view text) {
  float value = 0;
  auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  EXPECT_EQ(result.ec, std::errc()) << text;
  return std::bit_cast<std::uint32_t>(value);
}

TEST(NumberText, FloatsAreWrittenShortAndAsFloats) {
  EXPECT_EQ(text_of(2.0), "2.0");
  EXPECT_EQ(text_of(-0.0), "-0.0");
  EXPECT_EQ(text_of(0.1F), "0.1");
  EXPECT_EQ(text_of(0.1), "0.1");
  EXPECT_EQ(text_of(static_cast<double>(0.1F)), "0.10000000149011612");
  EXPECT_EQ(text_of(1e300), "1e+300");
  EXPECT_EQ(text_of(123456789.0), "123456789.0");
  EXPECT_EQ(text_of(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(text_of(-std::numeric_limits<float>::infinity()), "null");
}

TEST(NumberText, EveryKindOfFloatReadsBackBitForBit) {
  std::mt19937 random(7);
  for (int i = 0; i < 300'000; ++i) {
    auto bits = static_cast<std::uint32_t>(random());
    auto value = std::bit_cast<float>(bits);
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(float_bits(text_of(value)), bits) << text_of(value);
  }
  for (float value : {std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::min(),
                      std::numeric_limits<float>::max(), -std::numeric_limits<float>::max(), -0.0F}) {
    EXPECT_EQ(float_bits(text_of(value)), std::bit_cast<std::uint32_t>(value)) << value;
  }
}

// The points halfway between two floats and their neighbours, for which rounding twice gives a wrong result.
TEST(NumberText, HalfwayCasesRoundAsTheStandardRounds) {
  std::mt19937 random(11);
  for (int i = 0; i < 20'000; ++i) {
    auto bits = static_cast<std::uint32_t>(random()) & 0x7FFFFFFFU;
    auto low = std::bit_cast<float>(bits);
    auto high = std::bit_cast<float>(bits + 1);
    if (!std::isfinite(high)) continue;
    double middle = (static_cast<double>(low) + static_cast<double>(high)) / 2;
    for (int precision : {7, 8, 15, 16, 17, 40}) {
      char text[128];
      auto written =
          std::to_chars(text, text + sizeof text, middle, std::chars_format::scientific, precision);
      std::string_view number(text, static_cast<std::size_t>(written.ptr - text));
      ASSERT_EQ(float_bits(number), reference_bits(number)) << number;
    }
  }
}

TEST(NumberText, DigitsBeyondADoubleStillDecide) {
  // 1 + 2^-24 is halfway between two floats; one more digit at the end makes the number larger than that.
  EXPECT_EQ(float_bits("1.000000059604644775390625"), std::bit_cast<std::uint32_t>(1.0F));
  EXPECT_EQ(float_bits("1.00000005960464477539062500000000000001"),
            std::bit_cast<std::uint32_t>(std::nextafter(1.0F, 2.0F)));
  EXPECT_EQ(float_bits("0.000000000000000000000000000012345678901234567890"),
            reference_bits("1.2345678901234567890e-29"));
  EXPECT_EQ(float_bits("340282346638528859811704183484516925440.0000000000001"),
            std::bit_cast<std::uint32_t>(std::numeric_limits<float>::max()));
}

TEST(NumberText, UnderflowIsZeroAndOverflowIsRefused) {
  EXPECT_EQ(float_bits("1e-60"), 0);
  EXPECT_EQ(float_bits("-1e-60"), 0x80000000);
  EXPECT_EQ(float_bits("1e-99999999999999999999999999"), 0);
  EXPECT_EQ(float_bits("0e99999999999999999999999999"), 0);
  EXPECT_EQ(float_bits("1e39"), -1);
  EXPECT_EQ(float_bits("-3.4028236e38"), -1);
  EXPECT_EQ(float_bits("1e99999999999999999999999999"), -1);
  EXPECT_EQ(float_bits("1" + std::string(4000, '0')), -1);
  EXPECT_EQ(float_bits("0." + std::string(4000, '0') + "1"), 0);
  EXPECT_EQ(float_bits("1" + std::string(400, '0') + "e-400"), std::bit_cast<std::uint32_t>(1.0F));
}

TEST(NumberText, DoublesReadBackBitForBit) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 200'000; ++i) {
    auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    std::string text = text_of(value);
    double read = 0;
    ASSERT_EQ(parse_float64(text.data(), text.data() + text.size(), read), text.data() + text.size()) << text;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(read), std::bit_cast<std::uint64_t>(value)) << text;
  }
}

TEST(NumberText, TheGrammarIsThatOfJson) {
  for (std::string_view text :
       {"", "-", "+1", "01", "-01", ".5", "1.", "1.e5", "1e", "1e+", "nan", "Infinity", "0x10", "--1"}) {
    EXPECT_EQ(float_bits(text), -1) << text;
  }
  for (std::string_view text : {"0", "-0", "10", "0.5", "1e5", "1E+05", "1.5e-3"}) {
    EXPECT_NE(float_bits(text), -1) << text;
  }
}

TEST(NumberText, IntegersAreToldFromFloats) {
  auto is_integral = [](std::string_view text) {
    return scan_number(text.data(), text.data() + text.size()).integral;
  };
  EXPECT_TRUE(is_integral("12"));
  EXPECT_TRUE(is_integral("-0"));
  EXPECT_FALSE(is_integral("1.0"));
  EXPECT_FALSE(is_integral("1e2"));
}

// The text is in a heap block of its size, so that AddressSanitizer reports a read beyond it.
TEST(NumberText, ReadsNothingAfterTheEnd) {
  constexpr std::string_view text = "0.123456789";
  for (std::size_t length = 1; length <= text.size(); ++length) {
    const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(float_bits({exact.data(), exact.size()}) != -1, length != 2) << length;
  }
}

}  // namespace
