#include <chroma/error.hpp>
#include <chroma/key.hpp>
#include <chroma/where.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace chroma;

std::string fault_of(std::string_view text) {
  try {
    (void)Where::parse(text);
  } catch (const ChromaHttpClientError& error) {
    const auto* invalid = error.get_if<InvalidWhere>();
    return invalid != nullptr ? invalid->message : std::string("another kind: ") + error.what();
  }
  return "parsed";
}

TEST(WhereParse, ReadsEveryOperator) {
  EXPECT_EQ(Where::parse(R"({"k":"v"})"), Key("k") == "v");
  EXPECT_EQ(Where::parse(R"({"k":{"$ne":1}})"), Key("k") != 1);
  EXPECT_EQ(Where::parse(R"({"k":{"$gte":1.5}})"), Key("k") >= 1.5);
  EXPECT_EQ(Where::parse(R"({"k":{"$nin":[true]}})"), Key("k").not_in({true}));
  EXPECT_EQ(Where::parse(R"({"k":{"$in":[1.5,2]}})"), Key("k").is_in({1.5, 2.0}));
  EXPECT_EQ(Where::parse(R"({"k":{"$contains":2}})"), Key("k").contains_value(2));
  EXPECT_EQ(Where::parse(R"({"#document":{"$not_contains":"x"}})"), Key::Document.not_contains("x"));
  EXPECT_EQ(Where::parse(R"({"$and":[{"a":1},{"$or":[{"b":2},{"c":3}]}]})"),
            Key("a") == 1 && (Key("b") == 2 || Key("c") == 3));
}

TEST(WhereParse, DoesNotSimplify) {
  const std::string text = R"({"$and":[{"$and":[{"a":{"$eq":1}}]}]})";
  EXPECT_EQ(Where::parse(text).to_json(), text);
}

// The message of the Rust crate is only "Invalid where clause".
TEST(WhereParse, ErrorsNameTheirLocation) {
  auto fault = fault_of(R"({"$and":[{"a":1},{"k":{"$in":[1,"x"]}}]})");
  EXPECT_TRUE(fault.starts_with("Invalid where clause: ")) << fault;
  EXPECT_NE(fault.find("at byte 32"), std::string::npos) << fault;
  EXPECT_NE(fault.find("/$and/1/k/$in/1"), std::string::npos) << fault;
}

TEST(WhereParse, InvalidJsonIsAnInvalidClause) {
  for (std::string_view text :
       {"", "{", R"({"k":)", R"({"k":1}x)", R"({"k":"\ud800"})", "{\"k\":\"\xFF\"}"}) {
    EXPECT_TRUE(fault_of(text).starts_with("Invalid where clause: ")) << fault_of(text);
  }
}

TEST(WhereParse, DepthIsBounded) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += R"({"$and":[)";
  EXPECT_TRUE(fault_of(deep).starts_with("Invalid where clause: ")) << fault_of(deep);
  std::string text = R"({"a":{"$eq":1}})";
  for (int i = 0; i < 60; ++i) text = R"({"$and":[)" + text + "]}";
  EXPECT_EQ(Where::parse(text).to_json(), text);
}

TEST(WhereParse, RegularExpressionsAreChecked) {
  EXPECT_EQ(fault_of(R"({"#document":{"$regex":"a{2,1}"}})").substr(0, 22), "Regex syntax errror: r");
  EXPECT_EQ(fault_of(R"({"#document":{"$regex":"(?-u)\\xFF"}})").substr(0, 27),
            "Byte pattern is not allowed");
}

TEST(WhereParse, LargeIntegersAreRefusedAndNotRounded) {
  EXPECT_TRUE(fault_of(R"({"k":18446744073709551615})").starts_with("Invalid where clause"));
  EXPECT_EQ(Where::parse(R"({"k":9007199254740993})"), Key("k") == 9007199254740993);
}

}  // namespace
