#include "unit/search/text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <type_traits>

namespace chroma {
namespace {

static_assert(std::is_convertible_v<int, RankExpr> && std::is_convertible_v<unsigned long, RankExpr> &&
              std::is_convertible_v<double, RankExpr> && std::is_convertible_v<Knn, RankExpr>);
static_assert(!std::is_convertible_v<bool, RankExpr> && !std::is_convertible_v<const char*, RankExpr>);

constexpr float infinity = std::numeric_limits<float>::infinity();

Knn knn() {
  return Knn(std::vector<float>{1, 2});
}
const std::string knn_json =
    R"({"$knn":{"query":[1.0,2.0],"key":"#embedding","limit":16,"default":null,"return_rank":false}})";

TEST(Rank, NumbersCombineWithAKnnOnEitherSide) {
  EXPECT_EQ(json_of(knn() * 0.5), R"({"$mul":[)" + knn_json + R"(,{"$val":0.5}]})");
  EXPECT_EQ(json_of(0.5 * knn()), R"({"$mul":[{"$val":0.5},)" + knn_json + "]}");
  EXPECT_EQ(json_of(knn() + 1), R"({"$sum":[)" + knn_json + R"(,{"$val":1.0}]})");
  EXPECT_EQ(json_of(1U - knn()), R"({"$sub":{"left":{"$val":1.0},"right":)" + knn_json + "}}");
  EXPECT_EQ(json_of(-knn()), R"({"$mul":[{"$val":-1.0},)" + knn_json + "]}");
  EXPECT_EQ(json_of(knn() / knn()), R"({"$div":{"left":)" + knn_json + R"(,"right":)" + knn_json + "}}");
}

TEST(Rank, ASumInFrontOfASumKeepsTheOrder) {
  const RankExpr one(1);
  const RankExpr two(2);
  const RankExpr three(3);
  EXPECT_EQ(json_of(one + (two + three)), json_of((one + two) + three));
  EXPECT_EQ(json_of(one - (two - three)),
            R"({"$sub":{"left":{"$val":1.0},"right":{"$sub":{"left":{"$val":2.0},"right":{"$val":3.0}}}}})");
  EXPECT_NE(json_of(one * (two + three)), json_of(one * two + three));
}

TEST(Rank, EqualTreesAreEqual) {
  EXPECT_EQ(knn() * 0.5 + 1, knn() * 0.5 + 1);
  EXPECT_NE(knn() * 0.5 + 1, knn() * 0.5 + 2);
  EXPECT_NE(knn() * 0.5, knn() / 0.5);
  EXPECT_NE(RankExpr(knn()), RankExpr(knn().limit(3)));
  EXPECT_NE(RankExpr(1).exp(), RankExpr(1).log());
}

TEST(Rank, KnnSettersWorkOnVariablesAndTemporaries) {
  Knn named = knn();
  named.key("words").limit(5).default_score(2.5F).return_rank(true);
  EXPECT_EQ(named, knn().key(Key("words")).limit(5).default_score(2.5F).return_rank(true));
  EXPECT_EQ(json_of(named),
            R"({"query":[1.0,2.0],"key":"words","limit":5,"default":2.5,"return_rank":true})");
}

TEST(Rank, KnnQueriesAreListedFromLeftToRight) {
  const RankExpr rank = (knn().limit(1) + 2 * knn().limit(2)) / RankExpr(knn().limit(3)).log();
  const auto queries = rank.knn_queries();
  ASSERT_EQ(queries.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(queries[i]->limit(), i + 1);
}

TEST(Rank, IsPrintedAsAFormula) {
  EXPECT_EQ(printed((knn() * 0.5 + 1).max(2)), "max(((Knn([1, 2], key #embedding, limit 16) * 0.5) + 1), 2)");
}

TEST(Rank, NodesCompare) {
  const RankOperation sum(RankOperator::Sum, {RankExpr(1), RankExpr(knn())});
  EXPECT_EQ(sum, std::get<RankOperation>((1 + knn()).node()));
  EXPECT_NE(sum, RankOperation(RankOperator::Max, sum.operands));
  EXPECT_NE(sum, RankOperation(RankOperator::Sum, {RankExpr(1)}));
  EXPECT_EQ(printed(knn().key("sp").limit(3)), "Knn([1, 2], key sp, limit 3)");
}

TEST(Rank, ErrorsNameTheInvalidPart) {
  EXPECT_EQ((knn() * 0.5).fault(), "");
  EXPECT_EQ((knn() * not_a_number).fault(), "a constant is NaN");
  EXPECT_EQ((1 + knn() * infinity).fault(), "a constant is infinite");
  // The largest double exceeds the range of 32-bit floats.
  EXPECT_EQ((knn() * std::numeric_limits<double>::max()).fault(), "a constant is infinite");
  EXPECT_EQ(RankExpr(Knn(std::vector<float>{0, not_a_number})).fault(), "component 1 of a KNN query is NaN");
  EXPECT_EQ(RankExpr(knn().default_score(-infinity)).fault(), "the default score of a KNN query is infinite");
  EXPECT_EQ(RankExpr(knn().limit(static_cast<std::uint64_t>(-1))).fault(),
            "the limit of a KNN query must be at most 4294967295, not 18446744073709551615 (or -1)");
  EXPECT_NE(RankExpr(knn().key("\xff")).fault().find("the key of a KNN query"), std::string::npos);
  EXPECT_NE(RankExpr(Knn(SparseVector({2, 1}, {1, 1}))).fault().find("strictly ascending"),
            std::string::npos);
}

TEST(Rank, DeepTreesAreBuiltComparedPrintedAndWrittenWithoutRecursion) {
  constexpr int depth = 100'000;
  RankExpr left(1);
  RankExpr right(1);
  for (int i = 0; i < depth; ++i) {
    left = left - 1;
    right = right - 1;
  }
  EXPECT_EQ(left, right);
  EXPECT_EQ(left.fault(), "");
  EXPECT_TRUE(left.knn_queries().empty());
  EXPECT_EQ(json_of(left).size(),
            json_of(RankExpr(1)).size() + depth * (json_of(RankExpr(1) - 1).size() - 12));
  EXPECT_FALSE(printed(left).empty());
}

TEST(Rank, DeepTextsAreRefused) {
  std::string text = R"({"$val":1})";
  for (int i = 0; i < 1000; ++i) text = R"({"$exp":)" + text + "}";
  EXPECT_NE(unreadable([&] { static_cast<void>(codec::decode<RankExpr>(text)); }), "read");
}

TEST(Rank, InvalidJsonIsRefusedWithLocationAndReason) {
  const auto read = [](const char* text) {
    return unreadable([&] { static_cast<void>(codec::decode<RankExpr>(text)); });
  };
  EXPECT_NE(read("{}").find("exactly one key"), std::string::npos);
  EXPECT_NE(read(R"({"$val":1,"$exp":{"$val":1}})").find("exactly one key"), std::string::npos);
  EXPECT_NE(read(R"({"$pow":2})").find("$pow"), std::string::npos);
  EXPECT_EQ(read(R"({"$sum":[{"$val":1},{"$val":"x"}]})").rfind("/$sum/1/$val: ", 0), 0U);
  EXPECT_NE(read(R"({"$sub":{"left":{"$val":1}}})").find("\"right\""), std::string::npos);
  EXPECT_NE(read(R"({"$val":1e39})"), "read");
}

TEST(Rrf, NormalizingWeightsThatSumToZeroIsRefused) {
  EXPECT_EQ(refusal([] {
              static_cast<void>(rrf({knn(), knn()}, 60, {1, -1}, true));
            }),
            ": RRF weights sum to zero, cannot normalize");
  EXPECT_NO_THROW(static_cast<void>(rrf({knn(), knn()}, 60, {1, -1}, false)));
}

}  // namespace
}  // namespace chroma
