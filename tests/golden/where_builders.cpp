// W: filters as the builders make them. A to D are comparisons that the notation defines.
#include "golden/golden.hpp"

#include <chroma/key.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <map>
#include <sstream>

namespace golden::where_builders_cases {
namespace {

using namespace chroma;
using Build = std::function<Where()>;
using Strings = std::vector<std::string>;

Where a() {
  return Key("a") == 1;
}
Where b() {
  return Key("b") == 2;
}
Where c() {
  return Key("c") == 3;
}
Where d() {
  return Key("d") == 4;
}

Where unsimplified(std::vector<Where> children) {
  return Where(CompositeExpression(BooleanOperator::And, std::move(children)));
}

const std::map<std::string, Build>& builders() {
  static const std::map<std::string, Build> all = {
      {"W01", [] { return Key("status").eq("published"); }},
      {"W02", [] { return Key("n").eq(42); }},
      {"W04", [] { return Key("n").eq(std::numeric_limits<std::int64_t>::min()); }},
      {"W05", [] { return Key("x").eq(0.5); }},
      {"W07", [] { return Key("x").eq(0.1F); }},
      {"W08", [] { return Key("b").eq(true); }},
      {"W10", [] { return Key("y").gt(2020); }},
      {"W11", [] { return Key("y").gte(0.5); }},
      {"W13", [] { return Key("y").lte(1e300); }},
      {"W14", [] { return Key("s").gt("abc"); }},
      {"W16",
       [] {
         return Key("c").is_in(Strings{"tech", "sci"});
       }},
      {"W17", [] { return Key("c").not_in(Strings{"a"}); }},
      {"W19",
       [] {
         return Key("x").is_in(std::vector<double>{1.5, 2.0});
       }},
      {"W20", [] { return Key("c").is_in(Strings()); }},
      {"W22", [] { return Key::Document.not_contains("draft"); }},
      {"W23", [] { return Key::Document.regex("\\bAPI\\b"); }},
      // The JSON is the crate's. Operations refuse these two on purpose, as the filter would apply to the
      // document and not to the key.
      {"W25", [] { return Key("k").contains("abc"); }},
      {"W26", [] { return Key("k").regex("a.c"); }},
      {"W28", [] { return Key("scores").contains_value(42); }},
      {"W29", [] { return Key("ratings").contains_value(4.5); }},
      {"W31", [] { return Key("tags").not_contains_value("draft"); }},
      {"W32", [] { return Key::Document.eq("x"); }},
      {"W34", [] { return Key::Metadata.eq(1) & Key::Score.gt(0.5); }},
      {"W35",
       [] {
         return Key("#id").is_in(Strings{"a", "b"});
       }},
      {"W37", [] { return (a() & b()) & c(); }},
      {"W38", [] { return a() & (b() & c()); }},
      {"W40", [] { return a() & (b() | c()); }},
      {"W41", [] { return (a() | b()) & (c() | d()); }},
      {"W43", [] { return a() & b() & a(); }},
      {"W44", [] { return Where::conjunction({}); }},
      {"W46", [] { return Where::conjunction({a()}); }},
      {"W47", [] { return Where(true); }},
      {"W49", [] { return Where(true) & a(); }},
      {"W50", [] { return Where(false) | a(); }},
      {"W52",
       [] {
         return Where::conjunction({unsimplified({unsimplified({a(), b()}), c()})});
       }},
      {"W53", [] { return unsimplified({a()}); }},
      {"W55", [] { return Key("x").eq(std::numeric_limits<double>::infinity()); }},
      {"W58", [] { return Key("k\"é😀").eq(std::string("v\n\0", 3)); }},
      {"W59", [] { return Key::Document.contains(""); }},
  };
  return all;
}

/// A where clause is written as text directly, so that a 32-bit float keeps its short form.
void check_sparse_operand() {
  golden::expect_json(
      Key("s").eq(SparseVector({1}, {0.1F})).to_json(),
      R"({"s":{"$eq":{"#type":"sparse_vector","indices":[1],"tokens":null,"values":[0.1]}}})");
}

void check_display(const golden::Case& one) {
  std::ostringstream out;
  out << (Key("a").is_in(Strings{"x", "y"}) & Key("b").gte(1.5) & Key("t").contains_value("z") &
          Key::Document.not_contains("q"));
  EXPECT_EQ(out.str(), one.expect);
}

void check(const golden::Case& one) {
  if (one.id == "W56") return check_sparse_operand();
  if (one.id == "W61") return check_display(one);
  const auto build = builders().find(one.id);
  ASSERT_NE(build, builders().end()) << "nothing is built for " << one.text;
  golden::expect_json(build->second().to_json(), one.expect);
}

const bool registered = golden::add_section("W", "WhereBuilders", check);

}  // namespace
}  // namespace golden::where_builders_cases
