#include "unit/search/text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace chroma {
namespace {

std::string refused(const SearchPayload& search) {
  return refusal([&] { search.validate(); });
}

TEST(SearchPayload, SelectKeepsTheOrderAndSendsNothingTwice) {
  const auto search = SearchPayload().select("year", Key::Score, "year", Key::Document, Key("#score"));
  const std::vector<Key> expected{Key("year"), Key::Score, Key::Document};
  EXPECT_EQ(search.select(), expected);
  EXPECT_NE(json_of(search).find(R"("select":{"keys":["year","#score","#document"]})"), std::string::npos);
}

TEST(SearchPayload, SettersReplaceAndGettersTell) {
  SearchPayload search;
  search.where(Key("a") == 1).ids("x", "y").rank(Knn(std::vector<float>{1})).limit(10).offset(20).select("t");
  search.group_by(GroupBy(Key("a"), Aggregate::min_k(Key::Score, 2)));
  EXPECT_EQ(search.where(), Key("a") == 1);
  EXPECT_EQ(search.ids(), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(search.rank(), RankExpr(Knn(std::vector<float>{1})));
  EXPECT_EQ(search.limit(), 10U);
  EXPECT_EQ(search.offset(), 20U);
  EXPECT_EQ(search.group_by().keys(), std::vector<Key>(1, Key("a")));
  EXPECT_EQ(search.group_by().aggregate(), Aggregate::min_k(std::vector<Key>(1, Key::Score), 2));
  search.where(std::nullopt).limit(std::nullopt).ids(std::vector<std::string>{"z"}).select("u");
  EXPECT_FALSE(search.where());
  EXPECT_FALSE(search.limit());
  EXPECT_EQ(search.ids()->size(), 1U);
  EXPECT_EQ(search.select(), std::vector<Key>(1, Key("u")));
}

TEST(SearchPayload, ConstantsAndVectorsThatAreNotFiniteAreRefusedByPlace) {
  EXPECT_EQ(refused(SearchPayload().rank(RankExpr(not_a_number))), "searches[0].rank: a constant is NaN");
  EXPECT_EQ(refused(SearchPayload().rank(Knn(std::vector<float>{not_a_number}))),
            "searches[0].rank: component 0 of a KNN query is NaN");
  EXPECT_EQ(refused(SearchPayload().where(Key("a") > std::numeric_limits<double>::infinity()))
                .rfind("searches[0].filter", 0),
            0U);
}

TEST(SearchPayload, NumbersBeyond32BitsAreRefused) {
  constexpr std::uint64_t most = 4294967295U;
  EXPECT_EQ(refused(SearchPayload().limit(most).offset(most)), "sent");
  EXPECT_EQ(refused(SearchPayload().limit(most + 1)),
            "searches[0].limit: must be at most 4294967295, not 4294967296");
  EXPECT_EQ(refused(SearchPayload().offset(most + 1)),
            "searches[0].offset: must be at most 4294967295, not 4294967296");
  EXPECT_EQ(
      refused(SearchPayload().rank(1).group_by(GroupBy(Key("a"), Aggregate::max_k(Key("b"), most + 1)))),
      "searches[0].group_by: aggregate k must be at most 4294967295, not 4294967296");
}

TEST(SearchPayload, TextsThatAreNotUtf8AreRefused) {
  const std::string bad = "\xff";
  const auto grouped = [](const char* key, const char* by) {
    return SearchPayload().rank(1).group_by(GroupBy(Key(key), Aggregate::min_k(Key(by), 1)));
  };
  EXPECT_EQ(refused(grouped("\xff", "a")), "searches[0].group_by: a key is not valid UTF-8");
  EXPECT_EQ(refused(grouped("a", "\xff")), "searches[0].group_by: a key is not valid UTF-8");
  EXPECT_EQ(refused(SearchPayload().where(Key("a").is_in("b", bad))),
            "searches[0].filter: the operand for 'a' has an element at index 1 that is not valid UTF-8");
  EXPECT_EQ(
      refused(SearchPayload().rank(Knn(SparseVector({1}, {1}, {bad})))),
      "searches[0].rank: Invalid sparse vector in KNN query: Sparse vector has an element at index 0 that "
      "is not valid UTF-8");
  EXPECT_EQ(refused(SearchPayload().ids("a", "\xff")).rfind("searches[0].ids: row 1 ", 0), 0U);
  EXPECT_EQ(refused(SearchPayload().select("\xff")).rfind("searches[0].select: ", 0), 0U);
  EXPECT_EQ(refused(SearchPayload().where(Key("a") == "\xff")).rfind("searches[0].filter", 0), 0U);
}

TEST(SearchPayload, FiltersOfTheDocumentAreRefusedForOtherKeys) {
  EXPECT_EQ(refused(SearchPayload().where(Key("x") == 1 && Key("tags").regex("a"))),
            "searches[0].filter: regex() is for Key::Document, not for the key 'tags'");
}

template <class... T>
concept TakesIds = requires(SearchPayload search, T... ids) {
  search.ids(ids...);
};
static_assert(!TakesIds<std::nullptr_t>);
static_assert(!TakesIds<int>);

TEST(SearchPayload, TakesIdsInEveryForm) {
  const std::vector<std::string> two{"a", "b"};
  EXPECT_EQ(SearchPayload().ids("a", std::string("b")).ids(), two);
  EXPECT_EQ(SearchPayload().ids(std::string_view("a"), "b").ids(), two);
  EXPECT_EQ(SearchPayload().ids({"a", "b"}).ids(), two);
  EXPECT_EQ(SearchPayload().ids(two).ids(), two);
  EXPECT_EQ(SearchPayload().ids(std::optional(two)).ids(), two);
  EXPECT_EQ(SearchPayload().ids("a").ids(std::nullopt).ids(), std::nullopt);
}

TEST(SearchPayload, AnEmptyIdIsRefused) {
  EXPECT_EQ(refused(SearchPayload().ids("a", "")),
            "searches[0].ids: Empty ID, ID must have at least one character: row 1");
}

TEST(SearchPayload, IsPrintedShortly) {
  EXPECT_EQ(printed(SearchPayload()), "search");
  EXPECT_EQ(printed(SearchPayload()
                        .ids("a", "b")
                        .where(Key("y") == 1)
                        .rank(Knn(std::vector<float>{1}))
                        .group_by(GroupBy(Key("g"), Aggregate::min_k(Key::Score, 1)))
                        .limit(3, 4)
                        .select(Key::Score, "t")),
            "search of 2 ids (\"a\", \"b\") where y = 1 by Knn([1], key #embedding, limit 16), grouped, "
            "limit 3, offset 4, "
            "select #score, t");
}

TEST(SearchPayload, TheLastOfSeveralKeysCounts) {
  EXPECT_EQ(codec::decode<SearchPayload>(R"({"limit":{"limit":3,"offset":1},"limit":{}})"), SearchPayload());
  EXPECT_EQ(codec::decode<SearchPayload>(R"({"select":{"keys":["a"]},"select":{}})"), SearchPayload());
}

TEST(SearchPayload, GroupingWithoutARankIsRefused) {
  const GroupBy group(Key("a"), Aggregate::min_k(Key::Score, 1));
  EXPECT_EQ(refused(SearchPayload().group_by(group)),
            "searches[0].__all__: group_by requires rank expression to be specified");
  EXPECT_EQ(refused(SearchPayload().group_by(group).rank(1)), "sent");
  EXPECT_EQ(refused(SearchPayload().rank(1).group_by(GroupBy(Key::Score, Aggregate::min_k(Key::Score, 1)))),
            "searches[0].group_by: group_by keys must be metadata fields (cannot use #score, #document, "
            "#embedding, or #metadata)");
  EXPECT_EQ(refused(SearchPayload().rank(1).group_by(GroupBy(Key("a"), Aggregate::min_k(Key::Document, 1)))),
            "searches[0].group_by: aggregate keys must be metadata fields or #score (cannot use #document, "
            "#embedding, or #metadata)");
}

// The crate joins the texts of several faults without anything between them.
TEST(SearchRequest, SeveralFaultsAreOneALine) {
  const GroupBy half(Key("a"), std::nullopt);
  const auto bad = SearchPayload().rank(Knn(SparseVector({5, 1}, {1, 2}))).group_by(half);
  const SearchRequest request({bad, SearchPayload().group_by(half)});
  try {
    request.validate();
    FAIL() << "nothing was refused";
  } catch (const ChromaHttpClientError& error) {
    EXPECT_STREQ(
        error.what(),
        "Validation error: searches[0].group_by: group_by keys and aggregate must both be specified or both "
        "be omitted\n"
        "searches[0].rank: Invalid sparse vector in KNN query: Sparse vector indices must be sorted in "
        "strictly ascending order (no duplicates): 1 follows 5\n"
        "searches[1].group_by: group_by keys and aggregate must both be specified or both be omitted");
  }
}

TEST(SearchPayload, ReadsAbsentMembersAsDefaults) {
  EXPECT_EQ(codec::decode<SearchPayload>("{}"), SearchPayload());
  EXPECT_EQ(codec::decode<SearchPayload>(R"({"filter":null,"rank":null,"later":{"x":[1]}})"),
            SearchPayload());
  EXPECT_EQ(codec::decode<SearchPayload>(R"({"limit":{"limit":3}})"), SearchPayload().limit(3));
}

TEST(SearchPayload, ReadsIdsAsPartOfTheFilter) {
  const auto read = codec::decode<SearchPayload>(json_of(SearchPayload().ids("a")));
  EXPECT_FALSE(read.ids());
  EXPECT_EQ(read.where(), Key::field("#id").is_in("a"));
}

TEST(SearchPayload, InvalidJsonIsRefusedWithItsLocation) {
  const auto read = [](const char* text) {
    return unreadable([&] { static_cast<void>(codec::decode<SearchPayload>(text)); });
  };
  EXPECT_EQ(read(R"({"limit":{"limit":-1}})").rfind("/limit/limit: ", 0), 0U);
  EXPECT_EQ(read(R"({"select":{"keys":[1]}})").rfind("/select/keys/0: ", 0), 0U);
  EXPECT_EQ(read(R"({"group_by":{"aggregate":{"$min_k":{"k":1}}}})").rfind("/group_by/aggregate", 0), 0U);
  EXPECT_NE(read(R"({"filter":[1]})"), "read");
  EXPECT_NE(read(R"({"filter":{"a":null}})"), "read");
}

TEST(SearchRequest, ReadLevelsHaveNames) {
  EXPECT_EQ(json_of(SearchRequest({}, ReadLevel::IndexAndBoundedWal)),
            R"({"searches":[],"read_level":"index_and_bounded_wal"})");
  EXPECT_EQ(codec::decode<SearchRequest>(R"({"searches":[{}],"read_level":"index_only"})"),
            SearchRequest({SearchPayload()}, ReadLevel::IndexOnly));
  EXPECT_NE(unreadable([] { static_cast<void>(codec::decode<ReadLevel>(R"("index")")); }), "read");
}

}  // namespace
}  // namespace chroma
