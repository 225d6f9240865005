#include "types/validate_metadata.hpp"

#include "unit/records/refusal.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <vector>

namespace {

using namespace chroma;

std::string fault_of(const Metadata& metadata) {
  return detail::metadata_fault(metadata);
}

TEST(ValidateMetadata, KeysFollowTheProtocolsRule) {
  EXPECT_EQ(fault_of({{"k", 1}}), "");
  EXPECT_EQ(fault_of({{"", 1}}), "a key is empty");
  EXPECT_EQ(fault_of({{"#x", 1}}), "key '#x' begins with '#' or '$', which are reserved");
  EXPECT_EQ(fault_of({{"$x", 1}}), "key '$x' begins with '#' or '$', which are reserved");
  EXPECT_EQ(fault_of({{"a\xFF", 1}}), "a key is not valid UTF-8");
}

TEST(ValidateMetadata, ValuesMustBeSomethingThatJsonCanSay) {
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

// The crate sends a NaN of an update as null, which deletes the key.
TEST(ValidateMetadata, UpdatesToo) {
  EXPECT_EQ(detail::metadata_fault(UpdateMetadata{{"k", nullptr}}), "");
  EXPECT_EQ(detail::metadata_fault(UpdateMetadata{{"k", std::numeric_limits<double>::infinity()}}),
            "the value of key 'k' is infinity");
  EXPECT_EQ(detail::metadata_fault(UpdateMetadata{{"#k", nullptr}}),
            "key '#k' begins with '#' or '$', which are reserved");
}

// The crate says only "Invalid metadata at index 1".
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
