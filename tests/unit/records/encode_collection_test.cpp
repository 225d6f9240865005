#include "codec/collection.hpp"

#include <gtest/gtest.h>

namespace chroma::codec {
namespace {

std::string view_of(const core::Buffer& body) {
  return std::string(body.view());
}

TEST(EncodeCollectionTest, WritesCreation) {
  EXPECT_EQ(view_of(encode(CreateCollectionBody{false, std::nullopt, "abc", std::nullopt})),
            R"({"get_or_create":false,"metadata":null,"name":"abc","schema":null})");
  EXPECT_EQ(view_of(encode(CreateCollectionBody{true, Metadata{{"k", 1.0}}, "a\"", std::nullopt})),
            R"({"get_or_create":true,"metadata":{"k":1.0},"name":"a\"","schema":null})");
  EXPECT_EQ(view_of(encode(CreateCollectionBody{false, std::nullopt, "abc", Schema()}))
                .find(R"({"get_or_create":false,"metadata":null,"name":"abc","schema":{)"),
            0u);
}

TEST(EncodeCollectionTest, WritesChanges) {
  EXPECT_EQ(view_of(encode(ModifyCollectionBody{std::nullopt, "n2"})),
            R"({"new_metadata":null,"new_name":"n2"})");
  EXPECT_EQ(view_of(encode(ModifyCollectionBody{Metadata{{"k", 1}}, std::nullopt})),
            R"({"new_metadata":{"k":1},"new_name":null})");
  EXPECT_EQ(view_of(encode(ForkBody{"copy"})), R"({"new_name":"copy"})");
}

}  // namespace
}  // namespace chroma::codec
