#include "unit/records/refusal.hpp"

#include <chroma/key.hpp>

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace chroma;

static_assert(!std::is_convertible_v<const char*, Key>);
static_assert(std::is_same_v<decltype(Key("a") == Key("b")), bool>);
static_assert(std::is_same_v<decltype(Key("a") == 1), Where>);
static_assert(std::is_same_v<decltype(Key("a") < "x"), Where>);

TEST(Key, SpecialTextsAreSpecialKeysUnlessAFieldIsAskedFor) {
  EXPECT_EQ(Key("#document"), Key::Document);
  EXPECT_EQ(Key("#embedding"), Key::Embedding);
  EXPECT_EQ(Key("#metadata"), Key::Metadata);
  EXPECT_EQ(Key("#score"), Key::Score);
  EXPECT_EQ(Key("#id").kind(), Key::Kind::MetadataField);
  EXPECT_EQ(Key::field("#score").kind(), Key::Kind::MetadataField);
  EXPECT_NE(Key::field("#score"), Key::Score);
  EXPECT_EQ(Key::field("#score").text(), "#score");
}

TEST(Key, OrderIsThatOfTheProtocol) {
  EXPECT_LT(Key::Document, Key::Embedding);
  EXPECT_LT(Key::Embedding, Key::Metadata);
  EXPECT_LT(Key::Metadata, Key::Score);
  EXPECT_LT(Key::Score, Key("#id"));
  EXPECT_LT(Key("a"), Key("b"));
}

TEST(Key, OperatorsAreTheMethods) {
  Key year("year");
  EXPECT_EQ(year == 1, year.eq(1));
  EXPECT_EQ(year != 1, year.ne(1));
  EXPECT_EQ(year > 1, year.gt(1));
  EXPECT_EQ(year >= 1, year.gte(1));
  EXPECT_EQ(year < 1, year.lt(1));
  EXPECT_EQ(year <= 1, year.lte(1));
  EXPECT_EQ((year == "x").to_json(), R"({"year":{"$eq":"x"}})");
  EXPECT_EQ((year == true).to_json(), R"({"year":{"$eq":true}})");
}

// Values of different types do not form a set.
template <class... T>
concept MakesSet = requires(Key key, T... values) {
  key.is_in(values...);
};
static_assert(MakesSet<const char*, std::string>);
static_assert(!MakesSet<int, double>);
static_assert(!MakesSet<const char*, bool>);

TEST(Key, SetsTakeVectorsBracesAndValues) {
  Key key("c");
  const std::string expected = R"({"c":{"$in":["a","b"]}})";
  EXPECT_EQ(key.is_in({"a", "b"}).to_json(), expected);
  EXPECT_EQ(key.is_in("a", "b").to_json(), expected);
  EXPECT_EQ(key.is_in("a", std::string("b")).to_json(), expected);
  EXPECT_EQ(key.is_in(std::string_view("a"), "b").to_json(), expected);
  EXPECT_EQ(key.is_in(1, 2L).to_json(), R"({"c":{"$in":[1,2]}})");
  EXPECT_EQ(key.not_in(1.5F, 2.0).to_json(), R"({"c":{"$nin":[1.5,2.0]}})");
  EXPECT_EQ(key.not_in(true, false).to_json(), R"({"c":{"$nin":[true,false]}})");
  EXPECT_EQ(key.is_in(std::vector<std::string>{"a", "b"}).to_json(), expected);
  EXPECT_EQ(key.is_in({1, 2}).to_json(), R"({"c":{"$in":[1,2]}})");
  EXPECT_EQ(key.not_in(1.5, 2.0).to_json(), R"({"c":{"$nin":[1.5,2.0]}})");
  EXPECT_EQ(key.not_in({true, false}).to_json(), R"({"c":{"$nin":[true,false]}})");
  EXPECT_EQ(key.is_in({}).to_json(), R"({"c":{"$in":[]}})");
  EXPECT_EQ(key.is_in("one").to_json(), R"({"c":{"$in":["one"]}})");
}

TEST(Key, ArraysAndDocuments) {
  EXPECT_EQ(Key("tags").contains_value("a").to_json(), R"({"tags":{"$contains":"a"}})");
  EXPECT_EQ(Key::Document.not_regex("a+").to_json(), R"({"#document":{"$not_regex":"a+"}})");
}

// Differs from the crate on purpose, which sends them as filters of the document: a wrong result without an
// error. The JSON is still the crate's.
TEST(Key, FiltersOfTheDocumentAreRefusedForOtherKeys) {
  const Key tags("tags");
  EXPECT_EQ(tags.contains("a").to_json(), R"({"#document":{"$contains":"a"}})");
  const auto refused = [](const Where& where) { return refusal([&] { where.validate(); }); };
  EXPECT_EQ(
      refused(tags.contains("a")),
      "where: contains() is for Key::Document, not for the key 'tags'; contains_value() is for metadata "
      "that is an array");
  EXPECT_EQ(refused(tags.not_contains("a")),
            "where: not_contains() is for Key::Document, not for the key 'tags'; not_contains_value() is for "
            "metadata that is an array");
  EXPECT_EQ(refused(tags.regex("a")), "where: regex() is for Key::Document, not for the key 'tags'");
  EXPECT_EQ(refused(Key::Metadata.not_regex("a")),
            "where: not_regex() is for Key::Document, not for the key '#metadata'");
  EXPECT_NE(refused(Key("x") == 1 && (Key("y") == 2 || tags.contains("a"))), "sent");
  EXPECT_EQ(refused(Key("#document").contains("a") && Key::Document.regex("a")), "sent");
  EXPECT_EQ(refused(Where::parse(tags.contains("a").to_json())), "sent");
  EXPECT_NE(tags.contains("a"), Key::Document.contains("a"));
}

}  // namespace
