#include "json/reader.hpp"

#include "json/values.hpp"
#include "unit/records/refusal.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace chroma;
using json::Reader;

std::string decoded(std::string_view text) {
  return json::decode<std::string>(text);
}

std::string fault_of(std::string_view text) {
  return unreadable([&] {
    json::Reader in(text);
    in.skip();
    in.finish();
  });
}

TEST(JsonReader, ReadsAnObjectInOrder) {
  json::Reader in(R"( { "a" : [ 1 , 2.5 , true , null , "x" ] , "b" : { } } )");
  std::string_view key;
  in.begin_object();
  ASSERT_TRUE(in.next_key(key));
  EXPECT_EQ(key, "a");
  in.begin_array();
  ASSERT_TRUE(in.next_element());
  EXPECT_EQ(in.int64(), 1);
  ASSERT_TRUE(in.next_element());
  EXPECT_EQ(in.float64(), 2.5);
  ASSERT_TRUE(in.next_element());
  EXPECT_TRUE(in.boolean());
  ASSERT_TRUE(in.next_element());
  EXPECT_TRUE(in.take_null());
  ASSERT_TRUE(in.next_element());
  EXPECT_FALSE(in.take_null());
  EXPECT_EQ(in.string(), "x");
  EXPECT_FALSE(in.next_element());
  ASSERT_TRUE(in.next_key(key));
  EXPECT_EQ(in.skip(), "{ }");
  EXPECT_FALSE(in.next_key(key));
  EXPECT_NO_THROW(in.finish());
}

TEST(JsonReader, UnescapesStringsAndKeys) {
  EXPECT_EQ(decoded(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(decoded(R"("\u00e9\u20AC\ud83d\ude00")"), "é€😀");
  EXPECT_EQ(decoded("\"plain é😀 text longer than eight bytes\""), "plain é😀 text longer than eight bytes");
  EXPECT_EQ(decoded(R"("a\u0000b")"), std::string("a\0b", 3));
  json::Reader in(R"({"k\u00e9y":1})");
  std::string_view key;
  in.begin_object();
  ASSERT_TRUE(in.next_key(key));
  EXPECT_EQ(key, "kéy");
}

TEST(JsonReader, RefusesLoneSurrogatesAndUnknownEscapes) {
  for (std::string_view text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\n")",
                                R"("\ud800\ud800")", R"("\ud83d\u0041")"}) {
    EXPECT_NE(fault_of(text).find("lone surrogate"), std::string::npos) << text << ": " << fault_of(text);
  }
  for (std::string_view text : {R"("\x41")", R"("\u12")", R"("\u12g4")", R"("\u+123")", "\"\\\xC3\xA9\""}) {
    EXPECT_NE(fault_of(text), "read") << text;
  }
}

TEST(JsonReader, RefusesInvalidUtf8AndControlCharacters) {
  EXPECT_EQ(fault_of("[\"ok\",\"\xFF\"]"), "/1: a string that is not valid UTF-8");
  EXPECT_NE(fault_of("\"\xC0\xAF\""), "read");          // overlong
  EXPECT_NE(fault_of("\"\xED\xA0\x80\""), "read");      // a surrogate
  EXPECT_NE(fault_of("\"\xF4\x90\x80\x80\""), "read");  // beyond U+10FFFF
  EXPECT_NE(fault_of("\"long enough a run \xE2\x82\""), "read");
  EXPECT_NE(fault_of("{\"\xFF\":1}"), "read");
  EXPECT_NE(fault_of("\"a\nb\""), "read");
  EXPECT_NE(fault_of(std::string_view("\"a\0b\"", 5)), "read");
  EXPECT_NE(fault_of("\xEF\xBB\xBF{}"), "read");
}

TEST(JsonReader, RefusesInvalidJson) {
  for (std::string_view text : {"",
                                " ",
                                "[1,]",
                                "[,1]",
                                "[1 2]",
                                "{\"a\":1,}",
                                "{,}",
                                "{a:1}",
                                "{\"a\" 1}",
                                "{\"a\":}",
                                "{\"a\":1 \"b\":2}",
                                "[1}",
                                "{\"a\":1]",
                                "[",
                                "{",
                                "{\"a\"",
                                "{\"a\":",
                                "\"abc",
                                "\"abc\\",
                                "tru",
                                "nul",
                                "truex",
                                "1 2",
                                "[] []",
                                "01",
                                "1.",
                                "'a'",
                                "NaN",
                                "-",
                                "// x\n1"}) {
    EXPECT_NE(fault_of(text), "read") << text;
  }
}

TEST(JsonReader, DepthIsBounded) {
  auto nested = [](int depth) {
    auto count = static_cast<std::size_t>(depth);
    return std::string(count, '[') + std::string(count, ']');
  };
  EXPECT_EQ(fault_of(nested(json::Reader::max_depth)), "read");
  EXPECT_NE(fault_of(nested(json::Reader::max_depth + 1)).find("nested deeper"), std::string::npos);
  EXPECT_NE(fault_of(std::string(1'000'000, '[')).find("nested deeper"), std::string::npos);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_NE(fault_of(objects).find("nested deeper"), std::string::npos);
}

TEST(JsonReader, IntegersAreExactAndBounded) {
  EXPECT_EQ(json::decode<std::int64_t>("9007199254740993"), 9007199254740993);
  EXPECT_EQ(json::decode<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(json::decode<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(json::decode<std::uint32_t>("-0"), 0U);
  EXPECT_NE(unreadable([] { (void)json::decode<std::int64_t>("9223372036854775808"); }), "read");
  EXPECT_NE(unreadable([] { (void)json::decode<std::int64_t>("1.0"); }), "read");
  EXPECT_NE(unreadable([] { (void)json::decode<std::int64_t>("1e2"); }), "read");
  EXPECT_NE(unreadable([] { (void)json::decode<std::uint32_t>("4294967296"); }), "read");
  EXPECT_NE(unreadable([] { (void)json::decode<std::uint32_t>("-1"); }), "read");
  EXPECT_NE(unreadable([] { (void)json::decode<std::int32_t>("2147483648"); }), "read");
  EXPECT_NE(unreadable([] { (void)json::decode<std::int64_t>("\"1\""); }), "read");
}

TEST(JsonReader, FloatsTakeIntegersAndRefuseInfinities) {
  EXPECT_EQ(json::decode<double>("3"), 3.0);
  EXPECT_EQ(json::decode<float>("16777217"), 16777216.0F);
  EXPECT_EQ(json::decode<double>("18446744073709551615"), 18446744073709551615.0);
  EXPECT_NE(unreadable([] { (void)json::decode<double>("1e400"); }), "read");
  EXPECT_NE(unreadable([] { (void)json::decode<float>("1e39"); }), "read");
  EXPECT_NE(unreadable([] { (void)json::decode<float>("null"); }), "read");
}

TEST(JsonReader, TakeInt64AcceptsOnlyIntegers) {
  auto take = [](std::string_view text) { return json::Reader(text).take_int64(); };
  EXPECT_EQ(take("12"), 12);
  EXPECT_EQ(take("1.0"), std::nullopt);
  EXPECT_EQ(take("-0"), std::nullopt);
  EXPECT_EQ(take("9223372036854775808"), std::nullopt);
  EXPECT_EQ(take("\"x\""), std::nullopt);
}

TEST(JsonReader, DuplicateKeysComeOneAfterTheOther) {
  json::Reader in(R"({"a":1,"a":2})");
  std::string_view key;
  std::vector<std::int64_t> values;
  in.begin_object();
  while (in.next_key(key)) values.push_back(in.int64());
  EXPECT_EQ(values, (std::vector<std::int64_t>{1, 2}));
}

TEST(JsonReader, ErrorsNameTheirLocation) {
  EXPECT_EQ(fault_of(R"({"a":[1,{"b~/c":[1,,2]}]})").substr(0, 14), "/a/1/b~0~1c/1:");
  EXPECT_EQ(fault_of(R"({"x":"],[{","y":tru})").substr(0, 3), "/y:");
  EXPECT_EQ(unreadable([] { (void)json::decode<std::vector<std::string>>(R"(["a","b",3])"); }),
            "/2: expected a string, found 3 (byte 9)");
  EXPECT_EQ(unreadable([] { (void)json::decode<std::int64_t>("{}"); }).substr(0, 2), ": ");
}

TEST(JsonReader, LongGarbageGivesAShortMessage) {
  std::string text = "[" + std::string(1'000'000, '9') + "]";
  EXPECT_LT(unreadable([&] { (void)json::decode<std::vector<std::int64_t>>(text); }).size(), 300U);
}

}  // namespace
