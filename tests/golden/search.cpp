// S: searches, their parts, their checks, and query strings. K is a query that the notation defines.
#include "codec/codec.hpp"
#include "golden/bench.hpp"
#include "golden/golden.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace golden::search_cases {
namespace {

using namespace chroma;

RankExpr k() {
  return Knn(std::vector<float>{0.1F, 0.2F, 0.3F}).limit(100);
}
Where x1() {
  return Key("x") == 1;
}

template <class T>
std::string json_of(const T& value) {
  return std::string(codec::encode(value).view());
}

SearchPayload grouped(std::vector<Key> keys, std::optional<Aggregate> aggregate) {
  return SearchPayload().rank(RankExpr(1.0)).group_by(GroupBy(std::move(keys), std::move(aggregate)));
}

Aggregate min_score() {
  return Aggregate::min_k({Key::Score}, 3);
}

SearchPayload knn(std::vector<std::uint32_t> indices, std::vector<float> values) {
  return SearchPayload().rank(Knn(SparseVector::unchecked(std::move(indices), std::move(values))));
}

std::string checked(const SearchPayload& search) {
  return golden::outcome([&] { search.validate(); });
}

/// The part `name` of a whole search.
std::string part(const SearchPayload& search, const std::string& name) {
  const auto whole = json_of(search);
  const auto begin = whole.find("\"" + name + "\":{") + name.size() + 3;
  return whole.substr(begin, whole.find('}', begin) - begin + 1);
}

using Act = std::function<std::string()>;

const std::map<std::string, Act>& cases() {
  static const std::map<std::string, Act> all = {
      {"S01", [] { return json_of(SearchPayload()); }},
      {"S02", [] { return json_of(SearchPayload().limit(10, 0)); }},
      {"S04",
       [] {
         return json_of(SearchPayload().where(Key("a") == 1).rank(k()).limit(5, 10).select(Key::Score));
       }},
      {"S05", [] { return json_of(SearchPayload().select("title")); }},
      {"S07", [] { return json_of(grouped({Key("category")}, min_score())); }},
      {"S08",
       [] {
         return json_of(grouped({Key("c"), Key("d")}, Aggregate::max_k({Key("date"), Key::Score}, 1)));
       }},
      {"S10", [] { return json_of(SearchPayload().ids({"a"}).where(x1())); }},
      {"S11", [] { return json_of(SearchPayload().ids({"a"}).where(x1() && Key("y") == 2)); }},
      {"S13", [] { return json_of(SearchRequest({SearchPayload().limit(3)})); }},
      {"S14", [] { return json_of(SearchRequest({}, ReadLevel::IndexOnly)); }},
      {"S16", [] { return part(SearchPayload(), "limit"); }},
      {"S17", [] { return json_of(GroupBy()); }},
      {"S19",
       [] {
         return json_of(QueryVector(std::vector<float>{0.1F, 1.0F}));
       }},
      {"S20",
       [] {
         return json_of(QueryVector(SparseVector({0, 9}, {0.1F, 1.0F})));
       }},
      {"S25", [] { return checked(grouped({Key("c")}, std::nullopt)); }},
      {"S26", [] { return checked(grouped({}, min_score())); }},
      {"S28", [] { return checked(grouped({Key("c")}, Aggregate::min_k({}, 1))); }},
      {"S29", [] { return checked(grouped({Key("c")}, Aggregate::min_k({Key::Score}, 0))); }},
      {"S31",
       [] {
         return checked(knn({5, 1}, {1, 2}));
       }},
      {"S32",
       [] {
         return checked(knn({1, 2}, {1}));
       }},
      {"S34", [] { return checked(grouped({Key::field("#score")}, min_score())); }},
  };
  return all;
}

/// The query string of the request that the client sends.
void check_query_string(const golden::Case& one) {
  golden::Bench bench;
  const auto collection = bench.collection();
  bench.server.respond(test::Reply(200, one.id == "S22" ? "[]" : "0"));
  if (one.id == "S22") {
    bench.run(bench.client().list_collections(10, 0));
  } else {
    bench.run(collection.count());
  }
  const auto target = bench.server.only().target;
  EXPECT_EQ(target.substr(target.find('?') + 1), one.expect);
}

void check(const golden::Case& one) {
  if (one.id == "S22" || one.id == "S23") {
    check_query_string(one);
    return;
  }
  const auto act = cases().find(one.id);
  ASSERT_NE(act, cases().end()) << "no search for " << one.text;
  const auto actual = act->second();
  if (one.expect == "OK") {
    EXPECT_EQ(actual, "OK");
  } else if (one.expect.rfind("ERR ", 0) == 0) {
    golden::expect_error(actual, one.expect);
  } else {
    golden::expect_json(actual, one.expect);
  }
}

const bool registered = golden::add_section("S", "Search", check);

}  // namespace
}  // namespace golden::search_cases
