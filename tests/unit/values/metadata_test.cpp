#include "support/printed.hpp"
#include "types/metadata_json.hpp"

#include <chroma/error.hpp>
#include <chroma/metadata.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace chroma;

static_assert(!std::is_constructible_v<MetadataValue, std::nullptr_t>);
static_assert(!std::is_constructible_v<MetadataValue, int*>);
static_assert(!std::is_constructible_v<MetadataValue, const void*>);
static_assert(!std::is_constructible_v<MetadataValue, char>);
static_assert(!std::is_constructible_v<MetadataValue, char16_t>);
static_assert(!std::is_constructible_v<MetadataValue, std::vector<char>>);
static_assert(std::is_constructible_v<UpdateMetadataValue, std::nullptr_t>);
static_assert(!std::is_constructible_v<UpdateMetadataValue, int*>);

template <class T>
std::string encoded(const T& value) {
  return std::string(json::encode(value).view());
}

TEST(MetadataValue, ConversionsKeepTheType) {
  EXPECT_TRUE(MetadataValue(true).is<bool>());
  EXPECT_TRUE(MetadataValue(1).is<std::int64_t>());
  EXPECT_TRUE(MetadataValue(std::uint8_t(1)).is<std::int64_t>());
  EXPECT_TRUE(MetadataValue(std::size_t(1)).is<std::int64_t>());
  EXPECT_TRUE(MetadataValue(1.0F).is<double>());
  EXPECT_TRUE(MetadataValue("literal").is<std::string>());
  EXPECT_TRUE(MetadataValue(std::string_view("view")).is<std::string>());
  EXPECT_TRUE(MetadataValue(SparseVector({1}, {1.0F})).is<SparseVector>());
  EXPECT_TRUE(MetadataValue(std::vector{true}).is<std::vector<bool>>());
  EXPECT_TRUE(MetadataValue(std::vector{1, 2}).is<std::vector<std::int64_t>>());
  EXPECT_TRUE(MetadataValue(std::vector{1.0F}).is<std::vector<double>>());
  EXPECT_TRUE(MetadataValue(std::vector{"a", "b"}).is<std::vector<std::string>>());
  EXPECT_TRUE(MetadataValue(std::vector<std::string>{"a"}).is<std::vector<std::string>>());
}

TEST(MetadataValue, NothingIsConvertedOnTheWayOut) {
  MetadataValue value(5);
  EXPECT_EQ(value.get_if<double>(), nullptr);
  ASSERT_NE(value.get_if<std::int64_t>(), nullptr);
  EXPECT_EQ(*value.get_if<std::int64_t>(), 5);
  EXPECT_FALSE(MetadataValue(1) == MetadataValue(1.0));
  EXPECT_FALSE(MetadataValue(1) == MetadataValue(true));
}

TEST(MetadataValue, AnUnsignedBeyondInt64IsRefused) {
  EXPECT_NO_THROW(MetadataValue(std::uint64_t(std::numeric_limits<std::int64_t>::max())));
  try {
    MetadataValue value(std::numeric_limits<std::uint64_t>::max());
    FAIL() << "accepted";
  } catch (const ChromaHttpClientError& error) {
    EXPECT_TRUE(error.is<ValidationError>());
    EXPECT_NE(std::string(error.what()).find("18446744073709551615"), std::string::npos);
  }
  EXPECT_THROW(MetadataValue(std::vector<std::uint64_t>{1, std::numeric_limits<std::uint64_t>::max()}),
               ChromaHttpClientError);
}

TEST(Metadata, IsFilledByIndexAndByBraces) {
  Metadata metadata{{"title", "Dune"}, {"year", 1965}};
  metadata["score"] = 4.5;
  metadata["read"] = true;
  EXPECT_EQ(encoded(metadata), R"({"read":true,"score":4.5,"title":"Dune","year":1965})");
  EXPECT_EQ(printed(metadata), R"({read: true, score: 4.5, title: "Dune", year: 1965})");
}

TEST(UpdateMetadata, NullptrDeletesAKey) {
  UpdateMetadata update{{"a", nullptr}, {"b", 1}, {"c", "x"}};
  update["d"] = nullptr;
  EXPECT_TRUE(update["a"].is_null());
  EXPECT_FALSE(update["b"].is_null());
  EXPECT_TRUE(update["c"].is<std::string>());
  EXPECT_EQ(encoded(update), R"({"a":null,"b":1,"c":"x","d":null})");
  EXPECT_EQ(json::decode<UpdateMetadata>(encoded(update)), update);
  EXPECT_EQ(printed(update), R"({a: null, b: 1, c: "x", d: null})");
}

TEST(UpdateMetadata, IsMadeFromMetadata) {
  Metadata metadata{{"a", 1}, {"b", 2.0}};
  UpdateMetadata update(metadata.begin(), metadata.end());
  EXPECT_EQ(encoded(update), R"({"a":1,"b":2.0})");
}

TEST(Metadata, IntegersAndFloatsStayApartOnTheWire) {
  Metadata metadata{{"f", 2.0}, {"i", 2}, {"large", std::int64_t(9007199254740993)}};
  EXPECT_EQ(encoded(metadata), R"({"f":2.0,"i":2,"large":9007199254740993})");
  EXPECT_EQ(json::decode<Metadata>(encoded(metadata)), metadata);
}

// JSON has only one empty array, so the element type is lost when it is written; it is read as an empty
// array.
TEST(Metadata, EmptyArraysStayEmptyArrays) {
  Metadata metadata{{"b", std::vector<bool>()}, {"s", std::vector<std::string>()}};
  EXPECT_EQ(encoded(metadata), R"({"b":[],"s":[]})");
  auto read = json::decode<Metadata>(encoded(metadata));
  EXPECT_TRUE(read["s"].is<std::vector<bool>>());
  EXPECT_EQ(encoded(read), encoded(metadata));
}

TEST(Metadata, TheLastOfDuplicateKeysWins) {
  EXPECT_EQ(json::decode<Metadata>(R"({"a":1,"a":"x"})"), (Metadata{{"a", "x"}}));
}

TEST(MetadataValue, PrintsShort) {
  EXPECT_EQ(printed(MetadataValue(2.0)), "2");
  EXPECT_EQ(printed(MetadataValue(1e21)), "1000000000000000000000");
  EXPECT_EQ(printed(MetadataValue(-0.00025)), "-0.00025");
  EXPECT_EQ(printed(MetadataValue(123.456)), "123.456");
  EXPECT_EQ(printed(MetadataValue(std::numeric_limits<double>::quiet_NaN())), "NaN");
  EXPECT_EQ(printed(MetadataValue(-std::numeric_limits<double>::infinity())), "-inf");
  EXPECT_EQ(printed(MetadataValue("a")), "\"a\"");
  EXPECT_EQ(printed(MetadataValue("say \"hi\"\\\n\x01é")), R"("say \"hi\"\\\n\u0001é")");
  EXPECT_EQ(printed(MetadataValue(SparseVector({1}, {1.0F}))), "SparseVector{1: 1}");
}

// Unlike the crate, which prints the length only.
TEST(MetadataValue, PrintsTheValuesOfArrays) {
  EXPECT_EQ(printed(MetadataValue(std::vector{1, 2})), "[1, 2]");
  EXPECT_EQ(printed(MetadataValue(std::vector{true, false})), "[true, false]");
  EXPECT_EQ(printed(MetadataValue(std::vector{1.5, 2.0})), "[1.5, 2]");
  EXPECT_EQ(printed(MetadataValue(std::vector<std::string>{"a", "\""})), R"(["a", "\""])");
  EXPECT_EQ(printed(MetadataValue(std::vector<bool>())), "[]");
  EXPECT_EQ(printed(MetadataValue(std::vector<int>(100, 7))),
            "[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, ...] (100 values)");
}

TEST(MetadataValue, ErrorsOfReadingSayWhatIsWrong) {
  const auto fault = [](const char* text) -> SerdeError {
    try {
      static_cast<void>(json::decode<Metadata>(text));
    } catch (const ChromaHttpClientError& error) {
      return *error.get_if<SerdeError>();
    }
    return {"read", ""};
  };
  EXPECT_EQ(fault(R"({"k":null})").message, "null is not a metadata value");
  const std::string elements =
      "the elements of a metadata array are all bools, all numbers or all strings; this one differs";
  for (const char* text : {R"({"k":[1,"x"]})", R"({"k":["x",1]})", R"({"k":[true,null]})"}) {
    EXPECT_EQ(fault(text).message, elements) << text;
    EXPECT_EQ(fault(text).path, "/k/1") << text;
  }
  EXPECT_EQ(fault(R"({"k":[[1]]})").message, elements);
  EXPECT_EQ(fault(R"({"k":{"indices":[1]}})").message, R"(the member "values" is missing)");
}

}  // namespace
