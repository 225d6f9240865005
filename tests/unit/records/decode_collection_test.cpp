#include "codec/collection.hpp"
#include "refusal.hpp"

#include <gtest/gtest.h>

namespace chroma::codec {
namespace {

constexpr std::string_view minimal =
    R"({"configuration_json":{},"database":"d","id":"0f8fad5b-d9cb-469f-a165-70867728950e","log_position":0,"name":"n","tenant":"t","version":0})";

std::string without(std::string_view part, std::string_view replacement = "") {
  std::string text(minimal);
  text.replace(text.find(part), part.size(), replacement);
  return text;
}

std::string fault(std::string_view text) {
  return unreadable([&] { (void)decode<Collection>(text); });
}

TEST(DecodeCollectionTest, ReadsWhatServersSend) {
  const auto collection = decode<Collection>(
      R"({"id":"e1a4b8fe-e5f4-4325-aed7-c2608e97b8d6","name":"coll1","configuration_json":{"hnsw":{"space":"cosine","novelty":1},"spann":null,"embedding_function":null},"schema":null,"metadata":{"c":"x","a":1,"b":2.0,"d":true},"dimension":384,"tenant":"default_tenant","database":"default_database","log_position":-7,"version":3,"unheard":{"of":[]}})");
  EXPECT_EQ(collection.id, "e1a4b8fe-e5f4-4325-aed7-c2608e97b8d6");
  EXPECT_EQ(collection.name, "coll1");
  EXPECT_EQ(collection.metadata, (Metadata{{"c", "x"}, {"a", 1}, {"b", 2.0}, {"d", true}}));
  EXPECT_EQ(collection.dimension, 384);
  EXPECT_EQ(collection.tenant, "default_tenant");
  EXPECT_EQ(collection.database, "default_database");
  EXPECT_EQ(collection.log_position, -7);
  EXPECT_EQ(collection.version, 3);
  EXPECT_FALSE(collection.schema);
}

TEST(DecodeCollectionTest, RoundTripsThroughJson) {
  const core::Buffer json = encode(decode<Collection>(minimal));
  const core::Buffer again = encode(decode<Collection>(json.view()));
  EXPECT_EQ(again.view(), json.view());
}

TEST(DecodeCollectionTest, RequiresAUuid) {
  EXPECT_EQ(fault(without("0f8fad5b-d9cb-469f-a165-70867728950e", "x")),
            "/id: UUID parsing failed: 'x' is not a UUID");
  EXPECT_NE(fault(without("0f8fad5b-", "0f8fad5bx")), "read");
  EXPECT_NE(fault(without("0f8fad5b-", "0f8fad5g-")), "read");
  EXPECT_EQ(fault(without("0f8fad5b-", "0F8FAD5B-")), "read");
}

TEST(DecodeCollectionTest, NamesMissingMembers) {
  EXPECT_NE(
      fault(without(R"("configuration_json":{},)")).find("the member \"configuration_json\" is missing"),
      std::string::npos);
  EXPECT_NE(fault(without(R"(,"version":0)")).find("the member \"version\" is missing"), std::string::npos);
  EXPECT_NE(fault(without(R"("log_position":0,)")).find("the member \"log_position\" is missing"),
            std::string::npos);
  EXPECT_NE(fault(without(R"(,"tenant":"t")")).find("the member \"tenant\" is missing"), std::string::npos);
}

TEST(DecodeCollectionTest, AnUnreadableItemDoesNotHideTheOthers) {
  const std::string text = "[" + std::string(minimal) + ",{\"id\":3},\"what\"," + std::string(minimal) + "]";
  const auto list = decode<CollectionList>(text);
  EXPECT_EQ(list.collections.size(), 2u);
  ASSERT_EQ(list.unreadable.size(), 2u);
  EXPECT_TRUE(list.unreadable[0].starts_with("item 1: ")) << list.unreadable[0];
  EXPECT_NE(list.unreadable[0].find("/id"), std::string::npos) << list.unreadable[0];
  EXPECT_TRUE(list.unreadable[1].starts_with("item 2: ")) << list.unreadable[1];
  EXPECT_NE(unreadable([] { (void)decode<CollectionList>("{}"); }), "read");
}

}  // namespace
}  // namespace chroma::codec
