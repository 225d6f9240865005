#include "types/metadata_json.hpp"
#include "unit/records/refusal.hpp"

#include <chroma/error.hpp>
#include <chroma/sparse_vector.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <type_traits>

namespace {

using namespace chroma;

constexpr const char* unlike_lengths =
    ": Sparse vector indices, values, and tokens (when present) must have the same length";

TEST(SparseVector, ConstructorsRefuseUnlikeLengths) {
  EXPECT_EQ(refusal([] { SparseVector({1, 2}, {1.0F}); }), unlike_lengths);
  EXPECT_EQ(refusal([] { SparseVector({1}, {1.0F}, {"a", "b"}); }), unlike_lengths);
  EXPECT_EQ(refusal([] { SparseVector({1}, {1.0F}, {"a"}); }), "sent");
}

TEST(SparseVector, PairsAndTriplesKeepTheirOrder) {
  auto pairs = SparseVector::from_pairs({{5, 1.0F}, {1, 2.0F}});
  EXPECT_EQ(pairs.indices(), (std::vector<std::uint32_t>{5, 1}));
  EXPECT_EQ(pairs.tokens(), std::nullopt);
  auto triples = SparseVector::from_triples({{"x", 3, 0.5F}});
  EXPECT_EQ(triples, SparseVector({3}, {0.5F}, {"x"}));
  EXPECT_NE(triples, SparseVector({3}, {0.5F}));
}

TEST(SparseVector, SortsByIndexWithItsTokens) {
  auto sorted = SparseVector::from_triples({{"e", 5, 1.0F}, {"a", 1, 2.0F}}).sorted();
  EXPECT_EQ(sorted, SparseVector({1, 5}, {2.0F, 1.0F}, {"a", "e"}));
  EXPECT_EQ(refusal([&] { sorted.validate(); }), "sent");
  EXPECT_EQ(refusal([] { (void)SparseVector::unchecked({1}, {}).sorted(); }), unlike_lengths);
}

TEST(SparseVector, ValidateNamesWhatIsWrong) {
  auto fault = [](const SparseVector& vector) { return refusal([&] { vector.validate(); }); };
  constexpr const char* order =
      ": Sparse vector indices must be sorted in strictly ascending order (no duplicates)";
  EXPECT_EQ(fault(SparseVector()), "sent");
  EXPECT_EQ(fault(SparseVector({2, 1}, {1, 1})), std::string(order) + ": 1 follows 2");
  EXPECT_EQ(fault(SparseVector({1, 1}, {1, 1})), std::string(order) + ": 1 follows 1");
  EXPECT_EQ(fault(SparseVector::unchecked({1}, {1.0F, 2.0F})), unlike_lengths);
  EXPECT_EQ(fault(SparseVector({1, 2}, {1, std::numeric_limits<float>::quiet_NaN()})),
            ": Sparse vector has an element at index 1 that is NaN");
  EXPECT_EQ(fault(SparseVector({1}, {1}, {"\xFF"})),
            ": Sparse vector has an element at index 0 that is not valid UTF-8");
}

TEST(SparseVector, ReadsWithoutItsTypeAndRefusesAnother) {
  EXPECT_EQ(json::decode<SparseVector>(R"({"values":[0.1],"indices":[7],"extra":[]})"),
            SparseVector({7}, {0.1F}));
  EXPECT_EQ(unreadable([] {
              (void)json::decode<SparseVector>(R"({"#type":"other","indices":[1],"values":[2]})");
            }).find("Expected #type='sparse_vector', got 'other'") != std::string::npos,
            true);
  EXPECT_NE(unreadable([] { (void)json::decode<SparseVector>(R"({"indices":[4294967296],"values":[2]})"); }),
            "read");
}

TEST(SparseVector, PrintsItsFirstIndices) {
  std::ostringstream out;
  out << SparseVector({1, 2, 3, 4, 5}, {0.5F, 1, 2, 3, 4});
  EXPECT_EQ(out.str(), "SparseVector{1: 0.5, 2: 1, 3: 2, 4: 3, ... of 5}");
}

}  // namespace
