#include "refusal.hpp"

#include <chroma/collection_model.hpp>
#include <chroma/responses.hpp>

#include <gtest/gtest.h>

#include <iterator>
#include <sstream>

namespace chroma {
namespace {

template <class T>
concept HasRows = requires(T response) {
  std::forward<T>(response).rows();
};
static_assert(HasRows<GetResponse&> && HasRows<const GetResponse&> && !HasRows<GetResponse>);
static_assert(HasRows<QueryResponse&> && !HasRows<QueryResponse>);
static_assert(HasRows<SearchResponse&> && !HasRows<SearchResponse>);
static_assert(std::forward_iterator<Rows::Iterator>);

GetResponse get_response() {
  GetResponse response;
  response.ids = {"c", "a", "b"};
  response.embeddings = Embeddings({{1, 2}, {3, 4}, {5, 6}});
  response.documents = {"C", std::nullopt, "B"};
  response.uris = {std::nullopt, "u", std::nullopt};
  response.metadatas = {Metadata{{"k", 1}}, std::nullopt, Metadata{{"k", 2}}};
  return response;
}

TEST(ResponsesTest, ShowsRecordsRowByRow) {
  const GetResponse response = get_response();
  std::vector<std::string> ids;
  for (const Row row : response.rows()) ids.emplace_back(row.id);
  EXPECT_EQ(ids, response.ids);
  const Row first = response.rows()[0];
  EXPECT_EQ(first.id.data(), response.ids[0].data());
  EXPECT_EQ(first.document->data(), (*response.documents)[0]->data());
  EXPECT_FALSE(first.uri);
  EXPECT_EQ(first.metadata, &*(*response.metadatas)[0]);
  EXPECT_EQ(first.embedding->data(), (*response.embeddings)[0].data());
  EXPECT_FALSE(first.distance || first.score);
  EXPECT_EQ(response.rows()[1].metadata, nullptr);
  EXPECT_EQ(response.rows()[1].uri, "u");
  EXPECT_EQ(response.rows().size(), 3u);
}

TEST(ResponsesTest, MissingValuesAreEmpty) {
  GetResponse response;
  EXPECT_TRUE(response.rows().empty());
  EXPECT_EQ(response.rows().begin(), response.rows().end());
  response.ids = {"a", "b"};
  response.documents = {"A"};
  response.embeddings = Embeddings({std::nullopt});
  EXPECT_EQ(response.rows()[0].document, "A");
  EXPECT_FALSE(response.rows()[0].embedding);
  EXPECT_FALSE(response.rows()[1].document || response.rows()[1].embedding);
}

TEST(ResponsesTest, SortsByIds) {
  GetResponse response = get_response();
  response.sort_by_ids();
  GetResponse expected;
  expected.ids = {"a", "b", "c"};
  expected.embeddings = Embeddings({{3, 4}, {5, 6}, {1, 2}});
  expected.documents = {std::nullopt, "B", "C"};
  expected.uris = {"u", std::nullopt, std::nullopt};
  expected.metadatas = {std::nullopt, Metadata{{"k", 2}}, Metadata{{"k", 1}}};
  EXPECT_EQ(response, expected);
}

TEST(ResponsesTest, SortsBytewiseAndKeepsTheOrderOfEqualIds) {
  GetResponse response;
  response.ids = {"é", "b", "Z", "b", "b"};
  response.documents = {"1", "2", "3", "4", "5"};
  response.sort_by_ids();
  EXPECT_EQ(response.ids, (std::vector<std::string>{"Z", "b", "b", "b", "é"}));
  EXPECT_EQ(response.documents, (std::vector<std::optional<std::string>>{"3", "2", "4", "5", "1"}));
}

TEST(ResponsesTest, RefusesToSortColumnsOfAnotherLength) {
  GetResponse response = get_response();
  response.uris->pop_back();
  const GetResponse before = response;
  EXPECT_EQ(refusal([&] { response.sort_by_ids(); }), "uris: has 2 rows, but there are 3 ids");
  EXPECT_EQ(response, before);
}

QueryResponse query_response() {
  QueryResponse response;
  response.ids = {{"b", "a"}, {"d", "c"}};
  response.documents = {{"B", "A"}, {std::nullopt, "C"}};
  response.embeddings = std::vector<Embeddings>{Embeddings({{1}, {2}}), Embeddings({{3}, {4}})};
  response.distances = {{0.25f, 0.5f}, {std::nullopt, 1.0f}};
  return response;
}

TEST(ResponsesTest, ShowsAndSortsEachQuery) {
  QueryResponse response = query_response();
  EXPECT_EQ(response.rows()[1].document, "A");
  EXPECT_EQ(response.rows(1)[1].id, "c");
  EXPECT_EQ(response.rows(1)[1].distance, 1.0f);
  EXPECT_EQ((*response.rows(1)[0].embedding)[0], 3);
  EXPECT_THROW((void)response.rows(2), std::out_of_range);
  response.sort_by_ids();
  EXPECT_EQ(response.ids, (std::vector<std::vector<std::string>>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(response.rows(1)[1].distance, std::nullopt);
  EXPECT_EQ((*response.rows(0)[0].embedding)[0], 2);
  const QueryResponse empty;
  EXPECT_TRUE(empty.rows().empty());
}

TEST(ResponsesTest, RefusesToSortQueriesWithFaultsBeforeAnythingMoves) {
  QueryResponse response = query_response();
  (*response.distances)[1].pop_back();
  const QueryResponse before = response;
  EXPECT_EQ(refusal([&] { response.sort_by_ids(); }), "distances: has 1 rows, but there are 2 ids");
  EXPECT_EQ(response, before);
  response = query_response();
  response.documents->pop_back();
  EXPECT_EQ(refusal([&] { response.sort_by_ids(); }), "documents: has 1 rows, but there are 2 queries");
}

TEST(ResponsesTest, ShowsAndSortsEachSearch) {
  SearchResponse response;
  response.ids = {{"b", "a"}, {"c"}};
  response.documents = {std::nullopt, std::vector<std::optional<std::string>>{"C"}};
  response.scores = {std::vector<std::optional<float>>{0.5f, std::nullopt}, std::nullopt};
  EXPECT_EQ(response.rows(0)[0].score, 0.5f);
  EXPECT_FALSE(response.rows(0)[0].document);
  EXPECT_EQ(response.rows(1)[0].document, "C");
  EXPECT_FALSE(response.rows(1)[0].metadata || response.rows(1)[0].embedding);
  response.sort_by_ids();
  EXPECT_EQ(response.rows(0)[1].score, 0.5f);
  EXPECT_THROW((void)response.rows(2), std::out_of_range);
}

TEST(ResponsesTest, RefusesToSortSearchesWithMissingParts) {
  SearchResponse response;
  response.ids = {{"b", "a"}, {"c"}};
  response.documents = {std::vector<std::optional<std::string>>{"B", "A"}};
  const SearchResponse before = response;
  EXPECT_EQ(refusal([&] { response.sort_by_ids(); }), "documents: has 1 rows, but there are 2 searches");
  EXPECT_EQ(response, before);
}

TEST(ResponsesTest, RowsCompareByValue) {
  const GetResponse response = get_response();
  const GetResponse copy = response;
  for (std::size_t i = 0; i < response.ids.size(); ++i) EXPECT_EQ(response.rows()[i], copy.rows()[i]);
  EXPECT_NE(response.rows()[0], response.rows()[1]);
  auto row = copy.rows()[0];
  row.embedding = std::nullopt;
  EXPECT_NE(row, response.rows()[0]);
}

TEST(ResponsesTest, ARowGivesItsMetadataByKey) {
  GetResponse response;
  response.ids = {"a", "b"};
  response.metadatas.emplace();
  response.metadatas->push_back(Metadata{{"year", 1965}, {"title", "Dune"}});
  response.metadatas->push_back(std::nullopt);
  const Row row = response.rows().front();
  EXPECT_EQ(row, response.rows()[0]);
  EXPECT_EQ(row.get<int>("year"), 1965);
  EXPECT_EQ(row.get<double>("year"), 1965.0);
  EXPECT_EQ(row.get<std::string_view>("title"), "Dune");
  EXPECT_EQ(row.get<int>("title"), std::nullopt);
  EXPECT_EQ(row.get<int>("other"), std::nullopt);
  EXPECT_EQ(row.find("year"), &row.metadata->at("year"));
  EXPECT_EQ(response.rows()[1].get<int>("year"), std::nullopt);
  EXPECT_EQ(response.rows()[1].find("year"), nullptr);
}

TEST(ResponsesTest, ARowPrintsWhatItHas) {
  std::ostringstream out;
  const Metadata metadata{{"k", "v"}};
  const std::vector<float> embedding{1, 2, 3, 4, 5};
  Row row;
  row.id = "a\"b";
  out << row << '\n';
  row.document = "red\n";
  row.uri = "u";
  row.metadata = &metadata;
  row.embedding = embedding;
  row.distance = 0.5F;
  out << row << '\n';
  const std::string text = std::string(199, 'x') + "éy";
  Row other;
  other.id = "c";
  other.document = text;
  other.score = 1.5F;
  out << other;
  EXPECT_EQ(out.str(), R"({id: "a\"b"})"
                       "\n"
                       R"({id: "a\"b", document: "red\n", uri: "u", metadata: {k: "v"}, )"
                       "embedding: [1, 2, 3, 4, ...], distance: 0.5}\n"
                       R"({id: "c", document: ")" +
                           std::string(199, 'x') + R"("..., score: 1.5})");
}

TEST(ResponsesTest, SystemResponsesPrintShortly) {
  std::ostringstream out;
  out << HeartbeatResponse{7} << '\n'
      << GetUserIdentityResponse{"u", "t", {"a", "b"}} << '\n'
      << PreFlightChecks{100, true} << '\n'
      << HealthcheckResponse{true, false} << '\n'
      << DeleteResponse{1} << ", " << DeleteResponse{2};
  EXPECT_EQ(out.str(),
            "7 ns\n"
            "user 'u' of tenant t, databases [a, b]\n"
            "at most 100 records at once, base64\n"
            "executor ready, log client not ready\n"
            "1 record deleted, 2 records deleted");
}

TEST(ResponsesTest, PrintsShortly) {
  std::ostringstream out;
  GetResponse response = get_response();
  response.include = IncludeList::default_get();
  out << response << '\n' << query_response() << '\n';
  out << IndexStatusResponse{0.5f, 1, 1, 2} << '\n'
      << Database{"uuid", "db"} << '\n'
      << Tenant{"t", "r"} << '\n';
  Collection collection;
  collection.name = "n";
  collection.id = "i";
  collection.tenant = "t";
  collection.database = "d";
  out << collection;
  EXPECT_EQ(out.str(),
            "3 records: \"c\", \"a\", \"b\" [\"documents\",\"metadatas\"]\n"
            "2 records: \"b\", \"a\"; 2 records: \"d\", \"c\" []\n"
            "1 of 2 operations indexed (50 %)\n"
            "db (uuid)\n"
            "t (r)\n"
            "n (i) in t/d");
}

}  // namespace
}  // namespace chroma
