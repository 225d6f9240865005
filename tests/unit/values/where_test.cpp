#include "support/printed.hpp"
#include "unit/records/refusal.hpp"

#include <chroma/error.hpp>
#include <chroma/key.hpp>
#include <chroma/where.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using namespace chroma;

static_assert(std::is_constructible_v<Where, bool>);
static_assert(!std::is_constructible_v<Where, const char*>, "a text must not match everything");
static_assert(!std::is_constructible_v<Where, int>);
static_assert(!std::is_convertible_v<bool, Where>);

const Where a = Key("a") == 1;
const Where b = Key("b") == 2;
const Where c = Key("c") == 3;

TEST(Where, CombinesAsTheCrateDoes) {
  EXPECT_EQ((a & a), a);
  EXPECT_EQ((a && b) && c, Where::conjunction({a, b, c}));
  EXPECT_EQ((a || b) || c, Where::disjunction({a, b, c}));
  EXPECT_EQ((Where(true) & a), a);
  EXPECT_EQ((Where(true) | a).to_json(), R"({"$or":[{"$and":[]},{"a":{"$eq":1}}]})");
  EXPECT_EQ(printed(a & (b | c)), "(a = 1 & (b = 2 | c = 3))");
}

TEST(Where, OperandsAreNotChanged) {
  Where left = a & b;
  Where right = left | c;
  EXPECT_EQ(printed(left), "(a = 1 & b = 2)");
  Where moved = std::move(left);
  EXPECT_EQ(printed(moved), "(a = 1 & b = 2)");
}

TEST(Where, ComparesByValue) {
  EXPECT_EQ(Key("a") == 1, a);
  EXPECT_NE(Key("a") == 1.0, a);
  EXPECT_NE((a & b), (a | b));
  EXPECT_NE((a & b), (b & a));
  EXPECT_NE(a, Key("a") != 1);
}

Where deep_tree(int levels) {
  Where tree = a;
  for (int i = 0; i < levels; ++i) tree = i % 2 == 0 ? (tree & b) : (tree | c);
  return tree;
}

TEST(Where, DepthIsNoDanger) {
  constexpr int levels = 200'000;
  Where tree = deep_tree(levels);
  EXPECT_EQ(tree, deep_tree(levels));
  EXPECT_NE(tree, deep_tree(levels + 1));
  EXPECT_GT(tree.to_json().size(), std::size_t(levels));
  EXPECT_GT(printed(tree).size(), std::size_t(levels));
  EXPECT_NO_THROW(tree.validate());
}

TEST(Where, SharedTreesAreDestroyedOnAnyThread) {
  for (int round = 0; round < 20; ++round) {
    std::optional<Where> tree = deep_tree(2'000);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([copy = *tree] { EXPECT_FALSE(copy == a); });
    }
    tree.reset();
    for (std::thread& thread : threads) thread.join();
  }
}

TEST(Where, ValidateRefusesWhatWouldBecomeNull) {
  auto fault = [](const Where& where) { return refusal([&] { where.validate(); }); };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(fault(a & (Key("x") > nan)), "where: the operand for 'x' is NaN");
  EXPECT_EQ(fault(Key("x") == -infinity), "where: the operand for 'x' is -infinity");
  EXPECT_EQ(fault(Key("x").is_in({1.0, infinity})),
            "where: the operand for 'x' has an element at index 1 that is infinity");
  EXPECT_EQ(fault(Key("x").contains_value(nan)), "where: the operand for 'x' is NaN");
  EXPECT_EQ(fault(Key("x") == "\xFF"), "where: the operand for 'x' is not valid UTF-8");
  EXPECT_EQ(fault(Key("\xFF") == 1), "where: a key is not valid UTF-8");
  EXPECT_EQ(fault(Key::Document.contains("\xFF")), "where: the text for #document is not valid UTF-8");
  EXPECT_EQ(fault(Key("x") > "the server's to refuse"), "sent");
}

TEST(Where, ValidateChecksSetsOfTexts) {
  EXPECT_EQ(refusal([] { Key("x").not_in("a", "\xFF").validate(); }),
            "where: the operand for 'x' has an element at index 1 that is not valid UTF-8");
}

TEST(Where, NodesCompare) {
  const auto both = std::get<CompositeExpression>((a & b).node());
  EXPECT_EQ(both, CompositeExpression(BooleanOperator::And, {a, b}));
  EXPECT_NE(both, CompositeExpression(BooleanOperator::Or, {a, b}));
  EXPECT_NE(both, CompositeExpression(BooleanOperator::And, {b, a}));
}

TEST(Where, ValidateNamesTheFieldItIsGiven) {
  EXPECT_EQ(refusal([] { (Key("x") == "\xFF").validate("searches[0].where"); }),
            "searches[0].where: the operand for 'x' is not valid UTF-8");
}

TEST(Where, PrintsForPeople) {
  EXPECT_EQ(printed(Key("y") != 2.5), "y ≠ 2.5");
  EXPECT_EQ(printed(Key("y") < 2), "y < 2");
  EXPECT_EQ(printed(Key("y") <= 2), "y ≤ 2");
  EXPECT_EQ(printed(Key("y").not_in({true})), "y ∉ [\"true\"]");
  EXPECT_EQ(printed(Key("y").is_in({1, 2})), "y ∈ [1, 2]");
  EXPECT_EQ(printed(Key("y").not_contains_value(1)), "y not_contains 1");
  EXPECT_EQ(printed(Key::Document.regex("a+")), "#document REGEX \"a+\"");
  EXPECT_EQ(printed(Key::Document.not_regex("a+")), "#document NOT REGEX \"a+\"");
  EXPECT_EQ(printed(Where(true)), "()");
}

}  // namespace
