#include "codec/collection.hpp"

#include <gtest/gtest.h>

namespace chroma::codec {
namespace {

std::string text(const core::Buffer& body) {
  return std::string(body.view());
}

TEST(EncodeCollectionTest, WritesCreation) {
  EXPECT_EQ(text(encode_create_collection("abc", std::nullopt, std::nullopt, false)),
            R"({"get_or_create":false,"metadata":null,"name":"abc","schema":null})");
  EXPECT_EQ(text(encode_create_collection("a\"", std::nullopt, Metadata{{"k", 1.0}}, true)),
            R"({"get_or_create":true,"metadata":{"k":1.0},"name":"a\"","schema":null})");
  EXPECT_EQ(text(encode_create_collection("abc", Schema(), std::nullopt, false))
                .find(R"({"get_or_create":false,"metadata":null,"name":"abc","schema":{)"),
            0u);
}

TEST(EncodeCollectionTest, WritesChanges) {
  EXPECT_EQ(text(encode_modify_collection("n2", std::nullopt)), R"({"new_metadata":null,"new_name":"n2"})");
  EXPECT_EQ(text(encode_modify_collection(std::nullopt, Metadata{{"k", 1}})),
            R"({"new_metadata":{"k":1},"new_name":null})");
  EXPECT_EQ(text(encode_fork("copy")), R"({"new_name":"copy"})");
}

}  // namespace
}  // namespace chroma::codec
