#include "json/writer.hpp"

#include "json/values.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace chroma;

template <class T>
std::string encoded(const T& value) {
  return std::string(json::encode(value).view());
}

TEST(JsonWriter, EscapesWhatMustBeEscapedAndNothingElse) {
  EXPECT_EQ(encoded(std::string("a\"b\\c/d")), R"("a\"b\\c/d")");
  EXPECT_EQ(encoded(std::string("\b\f\n\r\t")), R"("\b\f\n\r\t")");
  EXPECT_EQ(encoded(std::string("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(encoded(std::string("é😀")), "\"é😀\"");
  EXPECT_EQ(encoded(std::string()), "\"\"");
}

TEST(JsonWriter, EveryByteOfAsciiReadsBack) {
  std::string text;
  for (int c = 0; c < 128; ++c) text.push_back(static_cast<char>(c));
  EXPECT_EQ(json::decode<std::string>(encoded(text)), text);
}

TEST(JsonWriter, NumbersKeepTheirType) {
  EXPECT_EQ(encoded(std::int64_t(2)), "2");
  EXPECT_EQ(encoded(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(encoded(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(encoded(2.0), "2.0");
  EXPECT_EQ(encoded(2.0F), "2.0");
  EXPECT_EQ(encoded(true), "true");
}

TEST(JsonWriter, ArraysAndOptionals) {
  EXPECT_EQ(encoded(std::vector<std::string>{"a", "b"}), R"(["a","b"])");
  EXPECT_EQ(encoded(std::vector<std::optional<float>>{0.5F, std::nullopt}), "[0.5,null]");
  EXPECT_EQ(encoded(std::vector<std::string>()), "[]");
}

}  // namespace
