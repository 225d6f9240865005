#include "json/fraction_parsers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::json {
namespace {

/// The result of a parser for one text.
struct Result {
  std::size_t offset;
  std::vector<std::uint32_t> bits;

  friend bool operator==(const Result&, const Result&) = default;
};

std::ostream& operator<<(std::ostream& out, const Result& result) {
  return out << result.bits.size() << " numbers up to " << result.offset;
}

// The text is in a heap block of exactly its size, so that AddressSanitizer reports accesses beyond it.
Result parse(const FractionParser& parser, std::string_view text, std::size_t offset, std::size_t room) {
  const std::vector<char> exact(text.begin(), text.end());
  std::vector<float> out(room);
  const std::size_t count = parser.parse({exact.data(), exact.size()}, offset, out);
  Result result{offset, {}};
  for (std::size_t i = 0; i < count; ++i) result.bits.push_back(std::bit_cast<std::uint32_t>(out.at(i)));
  return result;
}

// Reads the numbers up to `offset` one by one with the standard library.
Result reference(std::string_view text, std::size_t begin, std::size_t offset) {
  Result result{begin, {}};
  while (result.offset < offset) {
    float value = 0;
    const auto read = std::from_chars(text.data() + result.offset, text.data() + text.size(), value);
    EXPECT_EQ(read.ec, std::errc());
    EXPECT_EQ(*read.ptr, ',');
    result.bits.push_back(std::bit_cast<std::uint32_t>(value));
    result.offset = static_cast<std::size_t>(read.ptr - text.data()) + 1;
  }
  return result;
}

// Makes numbers of the usual form, with every number of digits. The digits 0 and 9 are more frequent than
// others.
std::string random_number(std::mt19937& random, std::size_t most_digits) {
  std::string text = random() % 2 ? "-" : "";
  const auto digit = [&] {
    const auto value = random() % 16;
    return static_cast<char>('0' + (value < 10 ? value : value < 13 ? 0 : 9));
  };
  text += digit();
  text += '.';
  for (std::size_t left = 1 + random() % most_digits; left > 0; --left) text += digit();
  return text;
}

constexpr std::string_view before = R"({"embeddings":[[)";

class FractionParsersTest : public testing::TestWithParam<FractionParser> {
 protected:
  void SetUp() override {
    if (!GetParam().is_supported()) GTEST_SKIP() << "this processor does not have the instructions";
  }
  // The plain parser reads no number and leaves all of them to the scalar code.
  [[nodiscard]] bool reads() const { return std::string_view(GetParam().name) != "plain"; }
};

TEST_P(FractionParsersTest, ReadsAsTheStandardReads) {
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    const std::size_t most_digits = i % 3 == 0 ? 14 : i % 3 == 1 ? 9 : 40;
    std::string text(before);
    for (std::size_t count = random() % 200; count > 0; --count)
      text += random_number(random, most_digits) + ',';
    text.append(64, ' ');
    const Result result = parse(GetParam(), text, before.size(), 1000);
    ASSERT_EQ(result, reference(text, before.size(), result.offset)) << text;
    // At most three numbers are left unread.
    const auto left = std::count(text.begin() + static_cast<std::ptrdiff_t>(result.offset), text.end(), ',');
    if (reads()) {
      ASSERT_LT(left, 4) << text;
    }
  }
}

TEST_P(FractionParsersTest, WritesNoFurtherThanThereIsRoom) {
  std::string text(before);
  for (int i = 0; i < 100; ++i) text += "0.25,";
  for (std::size_t room = 0; room < 80; ++room) {
    const Result result = parse(GetParam(), text, before.size(), room);
    if (reads()) {
      EXPECT_EQ(result.bits.size(), room / 4 * 4);
    }
  }
}

TEST_P(FractionParsersTest, ReadsNothingBeyondTheText) {
  std::string text(before);
  for (int i = 0; i < 60; ++i) text += i % 2 ? "-0.0123456789," : "7.5,";
  for (std::size_t size = before.size(); size <= text.size(); ++size) {
    const Result result = parse(GetParam(), text.substr(0, size), before.size(), 100);
    ASSERT_EQ(result, reference(text, before.size(), result.offset)) << size;
  }
  for (std::size_t begin = 0; begin < before.size(); ++begin) {
    const std::string_view shorter = std::string_view(text).substr(begin);
    const Result result = parse(GetParam(), shorter, before.size() - begin, 100);
    ASSERT_EQ(result, reference(shorter, before.size() - begin, result.offset)) << begin;
  }
}

// The parser stops before a number that does not have the usual form, at every position in a block.
TEST_P(FractionParsersTest, StopsBeforeOtherForms) {
  for (const std::string_view other :
       {"1",    "-1",    "10.5", "01.5",    "1.",    ".5",   "-.5",  "--1.5", "-",     "",     "1.5e3",
        "1e5",  "1.5.5", "1..5", "1.-5",    "1-.5",  "1.5-", "+1.5", " 1.5",  "1.5 ",  "1 .5", "1.5]",
        "[1.5", "null",  "NaN",  "\"1.5\"", "1.5\n", "1/5",  "1:5",  "1,5",   "1.\xB5"}) {
    for (std::size_t place = 0; place < 40; ++place) {
      std::string text(before);
      for (std::size_t i = 0; i < place; ++i) text += i % 3 ? "-0.5," : "3.25,";
      const std::size_t end = text.size();
      text.append(other).append(",");
      for (int i = 0; i < 40; ++i) text += "0.75,";
      const Result result = parse(GetParam(), text, before.size(), 100);
      ASSERT_LE(result.offset, end) << other << " at " << place;
      ASSERT_EQ(result, reference(text, before.size(), result.offset)) << other << " at " << place;
      if (reads()) {
        ASSERT_EQ(result.bits.size(), place / 4 * 4) << other << " at " << place;
      }
    }
  }
}

// Puts each byte at each position of a block.
TEST_P(FractionParsersTest, KnowsItsCharacters) {
  std::string usual(before);
  while (usual.size() < before.size() + 200) usual += "-0.123456,0.5,";
  for (std::size_t place = 0; place < 70; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = usual;
      text[before.size() + place] = static_cast<char>(byte);
      const Result result = parse(GetParam(), text, before.size(), 100);
      ASSERT_EQ(result, reference(text, before.size(), result.offset)) << byte << " at " << place;
    }
  }
}

// Numbers halfway between two floats, and their neighbours.
TEST_P(FractionParsersTest, RoundsHalfwayCasesAsTheStandardDoes) {
  std::mt19937 random(3);
  for (int i = 0; i < 3000; ++i) {
    std::string text(before);
    for (int k = 0; k < 16; ++k) {
      const auto bits =
          std::bit_cast<std::uint32_t>(1e-4F) + static_cast<std::uint32_t>(random() % 0x08000000);
      const double low = std::bit_cast<float>(bits);
      const double high = std::bit_cast<float>(bits + 1);
      if (high >= 10) continue;
      char digits[64];
      const auto written = std::to_chars(digits, digits + sizeof digits, low / 2 + high / 2,
                                         std::chars_format::fixed, 5 + static_cast<int>(random() % 30));
      text.append(random() % 2 ? "-" : "").append(digits, written.ptr).append(",");
    }
    text.append(64, ' ');
    const Result result = parse(GetParam(), text, before.size(), 100);
    ASSERT_EQ(result, reference(text, before.size(), result.offset)) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(All, FractionParsersTest,
                         testing::ValuesIn(fraction_parsers().begin(), fraction_parsers().end()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace chroma::json
