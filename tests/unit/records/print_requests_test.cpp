#include "support/printed.hpp"

#include <chroma/key.hpp>
#include <chroma/requests.hpp>
#include <chroma/search.hpp>

#include <gtest/gtest.h>

namespace chroma {
namespace {

TEST(PrintRequestsTest, Writes) {
  EXPECT_EQ(printed(AddRequest()), "add 0 records");
  EXPECT_EQ(printed(AddRequest({"a", "b\"c"}, {{1, 2, 3}, {4, 5, 6}}).documents("red", "blue")),
            R"(add 2 records: "a", "b\"c"; embeddings of dimension 3, documents)");
  EXPECT_EQ(printed(UpsertRequest({"a"}).uris("u").metadatas({{{"k", 1}}})),
            R"(upsert 1 record: "a"; uris, metadatas)");
  EXPECT_EQ(printed(UpdateRequest(std::vector<std::string>{"a", "b", "c", "d", "e", "f"})),
            R"(update 6 records: "a", "b", "c", "d", "e", ...)");
}

TEST(PrintRequestsTest, Reads) {
  EXPECT_EQ(printed(GetRequest()), R"(get, include ["documents","metadatas"])");
  EXPECT_EQ(
      printed(
          GetRequest().ids("a", "b").where(Key("year") >= 1990).limit(10).offset(5).include(Include::Uri)),
      R"(get of 2 ids ("a", "b") where year ≥ 1990, limit 10, offset 5, include ["uris"])");
  EXPECT_EQ(printed(QueryRequest(std::vector<float>{1, 2}).ids("a").include(Include::Distance)),
            R"(query 1 x 2 [[1, 2]] of 1 id ("a"), n_results 10, include ["distances"])");
  EXPECT_EQ(printed(DeleteRequest().where(Key("x") == 1).limit(3)), "delete where x = 1, limit 3");
  EXPECT_EQ(printed(DeleteRequest().ids({})), "delete of 0 ids");
}

TEST(PrintRequestsTest, Searches) {
  EXPECT_EQ(printed(SearchRequest()), "read level index_and_wal");
  std::vector<SearchPayload> searches;
  searches.push_back(SearchPayload().ids("a").limit(1));
  searches.push_back(SearchPayload().where(Key("x") == "\"").select(Key::Score));
  EXPECT_EQ(printed(SearchRequest(searches, ReadLevel::IndexOnly)),
            R"(search of 1 id ("a"), limit 1; search where x = "\"", select #score; read level index_only)");
}

}  // namespace
}  // namespace chroma
