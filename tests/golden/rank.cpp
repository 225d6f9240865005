// R: rank expressions. K and S are the two queries that the notation defines.
#include "codec/codec.hpp"
#include "golden/golden.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace golden::rank_cases {
namespace {

using namespace chroma;

RankExpr val(double value) {
  return RankExpr(value);
}

Knn dense() {
  return Knn(std::vector<float>{0.1F, 0.2F, 0.3F}).limit(100);
}

Knn sparse() {
  return Knn(SparseVector({1, 5}, {0.5F, 0.25F}))
      .key(Key::field("sp"))
      .limit(16)
      .default_score(1000.0F)
      .return_rank(true);
}

std::string json_of(const RankExpr& rank) {
  return std::string(codec::encode(rank).view());
}

RankExpr empty_sum() {
  return RankExpr(RankOperation(RankOperator::Sum, {}));
}

/// Reads the JSON between the backquotes and returns it printed again, or the error.
std::string read_and_print(const std::string& text) {
  const auto begin = text.find('`') + 1;
  const auto input = text.substr(begin, text.rfind('`') - begin);
  std::string printed;
  const auto outcome = golden::outcome([&] { printed = json_of(codec::decode<RankExpr>(input)); });
  return outcome == "OK" ? "OK " + printed : outcome;
}

using Act = std::function<RankExpr()>;

const std::map<std::string, Act>& expressions() {
  static const std::map<std::string, Act> all = {
      {"R01", [] { return val(0.5); }},
      {"R02", [] { return val(1); }},
      {"R04", [] { return val(1e20); }},
      {"R05", [] { return val(1e-7); }},
      {"R07", [] { return val(16777217); }},
      {"R08", [] { return RankExpr(dense()); }},
      {"R10", [] { return RankExpr(Knn(SparseVector({1}, {0.1F}, {"t"})).key("sp").limit(10)); }},
      {"R11", [] { return RankExpr(Knn(std::vector<float>()).limit(100)); }},
      {"R13", [] { return val(1) + val(2); }},
      {"R14", [] { return (val(1) + val(2)) + val(3); }},
      {"R16", [] { return (val(1) + val(2)) + (val(3) + val(4)); }},
      {"R17", [] { return val(7) + 1.0; }},
      {"R19", [] { return val(1) - val(2); }},
      {"R20", [] { return (val(1) - val(2)) - val(3); }},
      {"R22", [] { return 1.0 - val(7); }},
      {"R23", [] { return val(1) * val(2); }},
      {"R25", [] { return val(1) * (val(2) * val(3)); }},
      {"R26", [] { return 0.7 * val(7); }},
      {"R28", [] { return val(1) / val(2); }},
      {"R29", [] { return val(1) / 2.0; }},
      {"R31", [] { return -val(3); }},
      {"R32", [] { return -(val(1) * val(2)); }},
      {"R34", [] { return val(1).log(); }},
      {"R35", [] { return val(1).abs(); }},
      {"R37", [] { return val(1).max(val(2)).max(val(3)); }},
      {"R38", [] { return val(1).max(val(2).max(val(3))); }},
      {"R40", [] { return val(0.5).min(0.0).max(1.0); }},
      {"R41", [] { return val(1).min(val(2)).min(val(3).min(val(4))); }},
      {"R43", [] { return (dense() + 1.0).log(); }},
      {"R44", [] { return empty_sum(); }},
      {"R46",
       [] {
         return rrf({dense(), sparse()});
       }},
      {"R47", [] { return rrf({val(1)}); }},
      {"R49",
       [] {
         return rrf({val(1), val(2), val(3)}, 60, {0.5F, 0.3F, 0.2F});
       }},
      {"R50",
       [] {
         return rrf({val(1), val(2)}, 60, {1, 2}, true);
       }},
      {"R52", [] { return rrf({}); }},
      {"R53",
       [] {
         return rrf({val(1)}, 60, {1, 2});
       }},
      {"R55", [] { return rrf({val(1)}, 60, {-2}); }},
      {"R56", [] { return rrf({val(1)}, 0); }},
  };
  return all;
}

void check(const golden::Case& one) {
  if (one.text.rfind("rank `", 0) == 0) {
    const auto actual = read_and_print(one.text);
    if (one.expect.rfind("OK ", 0) == 0) {
      ASSERT_EQ(actual.substr(0, 3), "OK ") << actual;
      golden::expect_json(actual.substr(3), one.expect.substr(3));
    } else {
      // The text begins with "Serialization/Deserialization error: ".
      EXPECT_NE(actual.find(golden::in_own_words(one.expect).substr(4)), std::string::npos) << actual;
    }
    return;
  }
  const auto act = expressions().find(one.id);
  ASSERT_NE(act, expressions().end()) << "no expression for " << one.text;
  if (one.expect.rfind("ERR ", 0) == 0) {
    golden::expect_error(golden::outcome([&] { static_cast<void>(act->second()); }), one.expect);
  } else {
    golden::expect_json(json_of(act->second()), one.expect);
  }
}

const bool registered = golden::add_section("R", "Rank", check);

}  // namespace
}  // namespace golden::rank_cases
