// Compiles the code of docs/search.md and tests that it does what the page says.
#include "client/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>
#include <chroma/json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <sstream>

namespace asio = boost::asio;

namespace search_page {
namespace {

asio::awaitable<void> nearest(chroma::ChromaCollection movies, std::vector<float> query) {
  auto search = chroma::SearchPayload()
                    .rank(chroma::Knn(query).limit(100))
                    .limit(10)
                    .select(chroma::Key::Document, chroma::Key::Score, "title");
  auto found = co_await movies.search(search);
  for (auto row : found.rows()) {
    std::cout << row.id << ": " << row.metadata->at("title") << ", score " << *row.score << '\n';
  }
}

chroma::SearchPayload recent_crime(std::vector<float> query) {
  return chroma::SearchPayload()
      .where(chroma::Key("genre") == "crime" && chroma::Key("year") >= 2000)
      .rank(chroma::Knn(query))
      .limit(10)
      .offset(20);
}

chroma::SearchPayload these_two() {
  return chroma::SearchPayload().ids("m1", "m2").select(chroma::Key::Document, chroma::Key::Metadata);
}

chroma::SearchPayload weighted(std::vector<float> meaning, chroma::SparseVector words) {
  auto dense = chroma::Knn(meaning).limit(200).default_score(2.0F);
  auto sparse = chroma::Knn(words).key("words").limit(200).default_score(0.0F);
  return chroma::SearchPayload().rank(0.7 * dense - 0.3 * sparse).limit(10);
}

chroma::SearchPayload fused(std::vector<float> meaning, chroma::SparseVector words) {
  auto dense = chroma::Knn(meaning).limit(200).return_rank(true);
  auto sparse = chroma::Knn(words).key("words").limit(200).return_rank(true);
  return chroma::SearchPayload().rank(chroma::rrf({dense, sparse}, 60, {0.7F, 0.3F})).limit(10);
}

chroma::RankExpr damped(chroma::Knn knn) {
  return (knn + 1).log().max(0.1) / 2;
}

chroma::SearchPayload two_of_each_genre(std::vector<float> query) {
  return chroma::SearchPayload()
      .rank(chroma::Knn(query).limit(200))
      .group_by(chroma::GroupBy(chroma::Key("genre"), chroma::Aggregate::min_k(chroma::Key::Score, 2)))
      .limit(20)
      .select(chroma::Key::Score, "title", "genre");
}

asio::awaitable<void> two_at_once(chroma::ChromaCollection movies, chroma::SearchPayload first,
                                  chroma::SearchPayload second) {
  std::vector<chroma::SearchPayload> both{first, second};
  auto found = co_await movies.search(both, chroma::ReadLevel::IndexOnly);
  for (auto row : found.rows(1)) std::cout << row.id << '\n';
}

void show(const chroma::SearchPayload& search) {
  nlohmann::json json = search;
  std::cout << json.dump(2) << '\n';
}

using namespace chroma;
using test::printed;

/// The JSON of the rank expression of a search.
nlohmann::json rank_of(const SearchPayload& search) {
  return nlohmann::json(search).at("rank");
}

class SearchPage : public test::ClientTest {
 protected:
  nlohmann::json sent() { return nlohmann::json::parse(server.only().body).at("searches"); }
};

TEST_F(SearchPage, Nearest) {
  auto movies = collection();
  server.respond(
      test::Reply(200, R"({"ids":[["m1"]],"documents":[["A heist."]],"embeddings":[null],"scores":[[0.25]],)"
                       R"("metadatas":[[{"title":"Heat"}]],"select":[["#document","#score","title"]]})"));
  EXPECT_EQ(printed([&] { run(nearest(movies, {0.1F, 0.2F})); }), "m1: \"Heat\", score 0.25\n");
  const auto search = sent().at(0);
  EXPECT_EQ(search.at("select").at("keys"), nlohmann::json({"#document", "#score", "title"}));
  EXPECT_EQ(search.at("rank").at("$knn").at("limit"), 100);
  EXPECT_EQ(search.at("limit"), nlohmann::json::parse(R"({"offset":0,"limit":10})"));
}

TEST_F(SearchPage, TwoAtOnce) {
  auto movies = collection();
  server.respond(test::Reply(200,
                             R"({"ids":[["m1"],["m2"]],"documents":[null,null],"embeddings":[null,null],)"
                             R"("scores":[null,null],"metadatas":[null,null],"select":[[],[]]})"));
  EXPECT_EQ(printed([&] { run(two_at_once(movies, these_two(), recent_crime({1}))); }), "m2\n");
  EXPECT_EQ(sent().size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(server.only().body).at("read_level"), "index_only");
}

TEST_F(SearchPage, AGroupWithoutARankIsNotSent) {
  auto movies = collection();
  const auto error = fail(movies.search(two_of_each_genre({1}).rank(std::nullopt)));
  EXPECT_STREQ(error.what(),
               "collection_search: Validation error: searches[0].__all__: group_by requires rank expression "
               "to be specified");
  EXPECT_TRUE(server.received().empty());
}

TEST(SearchPageExpressions, FiltersAndIds) {
  EXPECT_EQ(nlohmann::json(recent_crime({1})).at("filter"),
            nlohmann::json::parse(R"({"$and":[{"genre":{"$eq":"crime"}},{"year":{"$gte":2000}}]})"));
  EXPECT_EQ(nlohmann::json(these_two()).at("filter"),
            nlohmann::json::parse(R"({"#id":{"$in":["m1","m2"]}})"));
}

TEST(SearchPageExpressions, HybridRanks) {
  const SparseVector words({3, 8}, {0.5F, 0.25F});
  const auto weights = rank_of(weighted({1}, words));
  EXPECT_EQ(weights.at("$sub").at("left").at("$mul").at(1).at("$knn").at("default"), 2.0);
  EXPECT_EQ(weights.at("$sub").at("right").at("$mul").at(1).at("$knn").at("key"), "words");
  const auto fusion = rank_of(fused({1}, words));
  EXPECT_EQ(fusion.at("$mul").at(0), nlohmann::json::parse(R"({"$val":-1.0})"));
  EXPECT_EQ(fusion.at("$mul").at(1).at("$sum").at(1).at("$div").at("left").at("$val"), 0.3);
  EXPECT_NO_THROW(weighted({1}, words).validate());
  EXPECT_NO_THROW(fused({1}, words).validate());
  std::ostringstream formula;
  formula << damped(Knn(std::vector<float>{1}));
  EXPECT_EQ(formula.str(), "(max(log((Knn([1], key #embedding, limit 16) + 1)), 0.1) / 2)");
}

TEST(SearchPageExpressions, Groups) {
  const auto search = two_of_each_genre({1});
  EXPECT_NO_THROW(search.validate());
  EXPECT_EQ(nlohmann::json(search).at("group_by"),
            nlohmann::json::parse(R"({"keys":["genre"],"aggregate":{"$min_k":{"keys":["#score"],"k":2}}})"));
}

TEST(SearchPageExpressions, Json) {
  EXPECT_EQ(nlohmann::json::parse(printed([] { show(two_of_each_genre({1})); })),
            nlohmann::json(two_of_each_genre({1})));
}

}  // namespace
}  // namespace search_page
