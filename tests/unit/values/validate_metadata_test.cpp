#include "types/validate_metadata.hpp"

#include "unit/records/refusal.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <vector>

namespace {

using namespace chroma;

template <class Map>
std::string fault_in(const Map& metadata) {
  const std::string before = "metadatas: Invalid metadata at index 0: ";
  const auto text = refusal([&] { detail::validate_metadata(metadata, 0); });
  return text.starts_with(before) ? text.substr(before.size()) : text;
}

std::string fault_of(const Metadata& metadata) {
  return fault_in(metadata);
}
std::string fault_of_update(const UpdateMetadata& metadata) {
  return fault_in(metadata);
}

TEST(ValidateMetadata, KeysFollowTheProtocolsRule) {
  EXPECT_EQ(fault_of({{"k", 1}}), "sent");
  EXPECT_EQ(fault_of({{"", 1}}), "a key is empty");
  EXPECT_EQ(fault_of({{"#x", 1}}), "key '#x' begins with '#' or '$', which are reserved");
  EXPECT_EQ(fault_of({{"$x", 1}}), "key '$x' begins with '#' or '$', which are reserved");
  EXPECT_EQ(fault_of({{"a\xFF", 1}}), "a key is not valid UTF-8");
}

TEST(ValidateMetadata, ValuesMustBeRepresentableInJson) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(fault_of({{"k", nan}}), "the value of key 'k' is NaN");
  EXPECT_EQ(fault_of({{"k", std::vector{1.0, nan}}}),
            "the value of key 'k' has an element at index 1 that is NaN");
  EXPECT_EQ(fault_of({{"k", "\xFF"}}), "the value of key 'k' is not valid UTF-8");
  EXPECT_EQ(fault_of({{"k", std::vector<std::string>{"a", "\xFF"}}}),
            "the value of key 'k' has an element at index 1 that is not valid UTF-8");
}

TEST(ValidateMetadata, SparseVectorsMustBeSorted) {
  EXPECT_EQ(fault_of({{"k", SparseVector({2, 1}, {1, 1})}}),
            "key 'k': Sparse vector indices must be sorted in strictly ascending order (no duplicates): 1 "
            "follows 2");
}

// The Rust crate sends a NaN in an update as null, which deletes the key.
TEST(ValidateMetadata, UpdatesToo) {
  EXPECT_EQ(fault_of_update({{"k", nullptr}}), "sent");
  EXPECT_EQ(fault_of_update({{"k", std::numeric_limits<double>::infinity()}}),
            "the value of key 'k' is infinity");
  EXPECT_EQ(fault_of_update({{"#k", nullptr}}), "key '#k' begins with '#' or '$', which are reserved");
  EXPECT_EQ(fault_of_update({{"\xFF", nullptr}}), "a key is not valid UTF-8");
  EXPECT_EQ(fault_of_update({{"k", "\xFF"}}), "the value of key 'k' is not valid UTF-8");
}

TEST(ValidateMetadata, TokensMustBeUtf8) {
  const SparseVector vector({1, 2}, {1, 1}, {"a", "\xFF"});
  const std::string fault = "key 'k': Sparse vector has an element at index 1 that is not valid UTF-8";
  EXPECT_EQ(fault_of({{"k", vector}}), fault);
  EXPECT_EQ(fault_of_update({{"k", vector}}), fault);
}

// The message of the Rust crate is only "Invalid metadata at index 1".
TEST(ValidateMetadata, TheRowAndTheReasonAreNamed) {
  std::vector<std::optional<Metadata>> rows{Metadata{{"k", 1}}, std::nullopt, Metadata{{"#x", 1}}};
  EXPECT_EQ(refusal([&] { detail::validate_metadatas(rows); }),
            "metadatas: Invalid metadata at index 2: key '#x' begins with '#' or '$', which are reserved");
}

TEST(ValidateMetadata, CollectionsMetadata) {
  EXPECT_EQ(refusal([] {
              detail::validate_collection_metadata({{"$x", 1}});
            }),
            "metadata: Invalid metadata: key '$x' begins with '#' or '$', which are reserved");
  EXPECT_EQ(refusal([] { detail::validate_collection_metadata({{"x", 1}}); }), "sent");
}

}  // namespace
