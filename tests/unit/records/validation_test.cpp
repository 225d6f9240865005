#include "refusal.hpp"

#include <chroma/key.hpp>
#include <chroma/requests.hpp>

#include <gtest/gtest.h>

#include <cfloat>
#include <limits>

namespace chroma {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();
const std::string no_utf8 = "a\xFFz";

AddRequest add() {
  return AddRequest({"a", "b"}, {{1, 2}, {3, 4}});
}

template <class Request>
std::string refused(const Request& request) {
  return refusal([&] { request.validate(); });
}

TEST(ValidationTest, AcceptsValidRequests) {
  EXPECT_EQ(refused(add().documents({"d", std::nullopt}).metadatas({{{"chroma:x", 1}}, std::nullopt})),
            "sent");
  EXPECT_EQ(refused(UpsertRequest({"a"}, {{FLT_MAX, -FLT_MAX, FLT_TRUE_MIN, -0.0f}})), "sent");
  EXPECT_EQ(refused(UpdateRequest({"a", "b"}, {std::nullopt, std::vector<float>{1}})), "sent");
  EXPECT_EQ(refused(UpdateRequest({"a"})), "sent");
  EXPECT_EQ(refused(GetRequest()), "sent");
  EXPECT_EQ(refused(QueryRequest(Embeddings::row({1})).ids("a", "a")), "sent");
  EXPECT_EQ(refused(DeleteRequest().ids("a")), "sent");
  EXPECT_EQ(refused(DeleteRequest().where(Key("x") == 1).limit(3)), "sent");
}

TEST(ValidationTest, ThereMustBeRecordsAndQueries) {
  EXPECT_EQ(refused(AddRequest()), "ids: must have at least one id");
  EXPECT_EQ(refused(UpsertRequest()), "ids: must have at least one id");
  EXPECT_EQ(refused(QueryRequest()), "query_embeddings: must have at least one row");
  // A batch that turned out to be empty: the server accepts it and does nothing.
  EXPECT_EQ(refused(AddRequest(std::vector<std::string>(), Embeddings())), "sent");
  EXPECT_EQ(refused(UpdateRequest()), "sent");
}

TEST(ValidationTest, NamesColumnsOfAnotherLength) {
  const std::string reason = ": Inconsistent number of IDs, embeddings, documents, URIs and metadatas: ";
  EXPECT_EQ(refused(AddRequest({"a", "b"}, {{1}})), "embeddings" + reason + "1 rows for 2 ids");
  EXPECT_EQ(refused(add().documents({"d"})), "documents" + reason + "1 rows for 2 ids");
  EXPECT_EQ(refused(add().uris({"u", "v", "w"})), "uris" + reason + "3 rows for 2 ids");
  EXPECT_EQ(refused(add().metadatas({std::nullopt})), "metadatas" + reason + "1 rows for 2 ids");
}

TEST(ValidationTest, NamesEmptyAndDuplicateIds) {
  EXPECT_EQ(refused(add().ids("a", "")), "ids: Empty ID, ID must have at least one character: row 1");
  EXPECT_EQ(refused(UpsertRequest({"x", "y", "x"}, {{1}, {2}, {3}})),
            "ids: duplicate id 'x': row 0 and row 2");
  EXPECT_EQ(refused(UpdateRequest({"x", "x"})), "ids: duplicate id 'x': row 0 and row 1");
  EXPECT_EQ(refused(GetRequest().ids("a", "")), "ids: Empty ID, ID must have at least one character: row 1");
}

TEST(ValidationTest, ShortensLongIdsBetweenCharacters) {
  std::string id = "x";
  for (int i = 0; i < 100; ++i) id += "é";
  std::string expected = "ids: duplicate id 'x";
  for (int i = 0; i < 39; ++i) expected += "é";
  EXPECT_EQ(refused(UpdateRequest({id, id})), expected + "...': row 0 and row 1");
}

TEST(ValidationTest, NamesRowsOfAnotherDimension) {
  EXPECT_EQ(refused(AddRequest({"a", "b"}, {{1, 2}, {3}})),
            "embeddings: Inconsistent dimensions in provided embeddings: row 1 has 1, row 0 has 2");
  EXPECT_EQ(refused(UpdateRequest({"a", "b", "c"},
                                  {std::nullopt, std::vector<float>{1}, std::vector<float>{1, 2}})),
            "embeddings: Inconsistent dimensions in provided embeddings: row 2 has 2, row 1 has 1");
  EXPECT_EQ(refused(QueryRequest(Embeddings(std::vector<float>{1, 2, 3}, 2))),
            "query_embeddings: Inconsistent dimensions in provided embeddings: row 1 has 1, row 0 has 2");
}

TEST(ValidationTest, NamesEmptyAndMissingRows) {
  const std::string reason = "embeddings: Each embedding must have at least 1 dimension: ";
  EXPECT_EQ(refused(AddRequest({"a", "b"}, {{1}, {}})), reason + "row 1 is empty");
  EXPECT_EQ(refused(UpdateRequest({"a"}, {std::vector<float>()})), reason + "row 0 is empty");
  EXPECT_EQ(refused(QueryRequest(Embeddings::row({}))), "query_" + reason + "row 0 is empty");
  EXPECT_EQ(refused(UpsertRequest({"a", "b"}, {std::vector<float>{1}, std::nullopt})),
            "embeddings: row 1 is missing; only an update may leave rows out");
}

TEST(ValidationTest, NamesValuesThatAreNotFinite) {
  const std::string reason = "embeddings: Embeddings must not contain NaN or Infinity values: ";
  // The first positions and the last ones, where values are checked one by one.
  for (const std::size_t place : {std::size_t(0), std::size_t(31), std::size_t(32), std::size_t(99)}) {
    std::vector<float> values(200, 0.5f);
    values[100 + place] = nan;
    EXPECT_EQ(refused(AddRequest({"a", "b"}, Embeddings(values, 100))),
              reason + "row 1 has NaN at index " + std::to_string(place));
  }
  EXPECT_EQ(refused(UpdateRequest({"a"}, {std::vector<float>{1, infinity}})),
            reason + "row 0 has infinity at index 1");
  EXPECT_EQ(refused(QueryRequest({{1, 2, -infinity}})), "query_" + reason + "row 0 has -infinity at index 2");
  EXPECT_EQ(refused(AddRequest({"a"}, {{-nan}})), reason + "row 0 has NaN at index 0");
}

TEST(ValidationTest, NamesBadMetadata) {
  EXPECT_EQ(refused(add().metadatas({std::nullopt, {{"#x", 1}}})),
            "metadatas: Invalid metadata at index 1: key '#x' begins with '#' or '$', which are reserved");
  EXPECT_EQ(refused(add().metadatas({{{"k", double(nan)}}, std::nullopt})),
            "metadatas: Invalid metadata at index 0: the value of key 'k' is NaN");
  EXPECT_EQ(refused(UpsertRequest({"a"}, {{1}}).metadatas({{{"k", double(infinity)}}})),
            "metadatas: Invalid metadata at index 0: the value of key 'k' is infinity");
  EXPECT_EQ(refused(UpdateRequest({"a"}).metadatas({{{"k", nullptr}}})), "sent");
}

TEST(ValidationTest, NamesTextsThatAreNotUtf8) {
  EXPECT_EQ(refused(add().ids("a", no_utf8)), "ids: row 1 is not valid UTF-8");
  EXPECT_EQ(refused(add().documents({std::nullopt, no_utf8})), "documents: row 1 is not valid UTF-8");
  EXPECT_EQ(refused(add().uris({no_utf8, std::nullopt})), "uris: row 0 is not valid UTF-8");
  EXPECT_EQ(refused(add().metadatas({{{"k", no_utf8}}, std::nullopt})),
            "metadatas: Invalid metadata at index 0: the value of key 'k' is not valid UTF-8");
  EXPECT_EQ(refused(DeleteRequest().ids(no_utf8)), "ids: row 0 is not valid UTF-8");
}

TEST(ValidationTest, ChecksFilters) {
  const Where clause = Key("x") == 1 && Key("y") > double(nan);
  for (const std::string& words :
       {refused(GetRequest().where(clause)), refused(DeleteRequest().where(clause)),
        refused(QueryRequest(Embeddings::row({1})).where(clause))}) {
    EXPECT_NE(words.find("where"), std::string::npos) << words;
    EXPECT_NE(words.find("NaN"), std::string::npos) << words;
    EXPECT_NE(words.find('y'), std::string::npos) << words;
  }
}

TEST(ValidationTest, RefusesFiltersOfTheDocumentForOtherKeys) {
  const Where clause = Key("x") == 1 || Key("tags").contains("a");
  const std::string words = "where: contains() is for Key::Document, not for the key 'tags'";
  for (const std::string& actual :
       {refused(GetRequest().where(clause)), refused(DeleteRequest().where(clause)),
        refused(QueryRequest(Embeddings::row({1})).where(clause))}) {
    EXPECT_EQ(actual.substr(0, words.size()), words);
  }
}

TEST(ValidationTest, RefusesNumbersBeyond32Bits) {
  EXPECT_EQ(refused(GetRequest().limit(4294967295u).offset(4294967295u)), "sent");
  EXPECT_EQ(refused(GetRequest().limit(4294967296)), "limit: must be at most 4294967295, not 4294967296");
  EXPECT_EQ(refused(GetRequest().offset(4294967296)), "offset: must be at most 4294967295, not 4294967296");
  EXPECT_EQ(refused(GetRequest().limit(static_cast<std::uint64_t>(-1))),
            "limit: must be at most 4294967295, not 18446744073709551615 (or -1)");
  EXPECT_EQ(refused(QueryRequest(Embeddings::row({1})).n_results(4294967296)),
            "n_results: must be at most 4294967295, not 4294967296");
  EXPECT_EQ(refused(DeleteRequest().where(Where(true)).limit(4294967296)),
            "limit: must be at most 4294967295, not 4294967296");
}

TEST(ValidationTest, RefusesDeletionsWithoutIdsAndFilter) {
  const std::string reason = "ids, where: Either ids or where must be specified";
  EXPECT_EQ(refused(DeleteRequest()), reason);
  EXPECT_EQ(refused(DeleteRequest().ids({})), reason);
  EXPECT_EQ(refused(DeleteRequest().ids({}).limit(3)), reason);
  const std::string limit = "limit, where: limit can only be specified when a where clause is provided";
  EXPECT_EQ(refused(DeleteRequest().limit(3)), limit);
  EXPECT_EQ(refused(DeleteRequest().ids("a").limit(3)), limit);
}

TEST(ValidationTest, NewRecordsNeedEmbeddingsOrDocuments) {
  const auto lacks_documents = [](const auto& request) {
    try {
      request.validate();
    } catch (const ChromaHttpClientError& error) {
      return error.is<MissingDocumentsForEmbedding>();
    }
    return false;
  };
  EXPECT_TRUE(lacks_documents(AddRequest({"a"})));
  EXPECT_TRUE(lacks_documents(UpsertRequest({"a", "b"}).documents({"d", std::nullopt})));
  EXPECT_NO_THROW(AddRequest({"a"}).documents({"d"}).validate());
}

}  // namespace
}  // namespace chroma
