// What is added to the error of a server that refused a filter.
#include "client/fixture.hpp"

namespace chroma::test {
namespace {

class RefusedFilterTest : public ClientTest {
 protected:
  /// The message of the error of an operation, to which the server responds with `response`.
  template <class T>
  std::string message(boost::asio::awaitable<T> op, const Reply& response) {
    server.respond(response);
    const ChromaHttpClientError error = fail(std::move(op));
    const auto* api = error.get_if<ApiError>();
    return api != nullptr ? api->message : error.what();
  }
};

const Reply invalid_clause(400, R"({"error":"InvalidArgumentError","message":"Invalid where clause"})");
const Where clause = Key("genre") == "crime" && Key("year") >= "1990";
const std::string reason = R"("$gte" requires a number, at /$and/1/year/$gte)";

TEST_F(RefusedFilterTest, TheMessageSaysWhatIsWrong) {
  const auto handle = collection();
  const std::string expected = "Invalid where clause (where: " + reason + ")";
  EXPECT_EQ(message(handle.get(GetRequest().where(clause)), invalid_clause), expected);
  EXPECT_EQ(message(handle.query(QueryRequest(std::vector<float>{1}).where(clause)), invalid_clause),
            expected);
  EXPECT_EQ(message(handle.delete_records(DeleteRequest().where(clause)), invalid_clause), expected);
}

TEST_F(RefusedFilterTest, TheErrorIsOtherwiseTheServers) {
  const auto handle = collection();
  server.respond(invalid_clause);
  const auto error = fail(handle.get(GetRequest().where(clause)));
  const auto* api = error.get_if<ApiError>();
  ASSERT_NE(api, nullptr) << error.what();
  EXPECT_EQ(api->status, 400);
  EXPECT_EQ(api->name, "InvalidArgumentError");
  EXPECT_EQ(api->body, R"({"error":"InvalidArgumentError","message":"Invalid where clause"})");
  EXPECT_EQ(error.operation(), "collection_get");
  EXPECT_EQ(error.attempts(), 1U);
}

TEST_F(RefusedFilterTest, SearchesAreNamed) {
  const auto handle = collection();
  std::vector<SearchPayload> searches(3);
  searches[1].where(clause);
  searches[2].where(Key("tags").is_in(std::vector<std::string>()));
  EXPECT_EQ(message(handle.search(searches), invalid_clause),
            "Invalid where clause (searches[1].filter: " + reason +
                "; searches[2].filter: the array is empty, at /tags/$in)");
}

TEST_F(RefusedFilterTest, TheServersWordsStandFirst) {
  const auto handle = collection();
  const std::string words =
      "Failed to deserialize the JSON body into the target type: searches[0].filter: Invalid where clause at "
      "line "
      "1 column 48";
  const Reply response(422, R"({"error":"ChromaError","message":")" + words + R"("})");
  EXPECT_EQ(message(handle.search(SearchPayload().where(clause)), response),
            words + " (searches[0].filter: " + reason + ")");
}

TEST_F(RefusedFilterTest, OtherErrorsAreNotChanged) {
  const auto handle = collection();
  EXPECT_EQ(message(handle.get(GetRequest().where(Key("year") >= 1990)), invalid_clause),
            "Invalid where clause");
  EXPECT_EQ(message(handle.get(GetRequest()), invalid_clause), "Invalid where clause");
  EXPECT_EQ(message(handle.get(GetRequest().where(clause)),
                    Reply(400, R"({"error":"InvalidArgumentError","message":"other"})")),
            "other");
}

}  // namespace
}  // namespace chroma::test
