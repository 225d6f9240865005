#include "codec/records.hpp"
#include "unit/records/refusal.hpp"
#include "unit/records/rewritten.hpp"

#include <gtest/gtest.h>

namespace chroma::codec {
namespace {

template <class T>
std::string fault(std::string_view text) {
  return unreadable([&] { (void)decode<T>(text); });
}

TEST(DecodeRecordsTest, ReadsEveryColumnOfAGet) {
  const auto response = decode<GetResponse>(
      R"( { "ids" : [ "a" , "b" ] , "embeddings" : [ [ 1 , 2.5 ] , [ -3e2 , 0.1 ] ] , "documents":["d",null],
            "uris":[null,"u"],"metadatas":[{"k":1},null],"include":["embeddings","novelties","uris"],"data":[{}] } )");
  EXPECT_EQ(response.ids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(response.embeddings, Embeddings({{1, 2.5f}, {-300, 0.1f}}));
  EXPECT_EQ(response.documents, (std::vector<std::optional<std::string>>{"d", std::nullopt}));
  EXPECT_EQ(response.uris, (std::vector<std::optional<std::string>>{std::nullopt, "u"}));
  EXPECT_EQ(response.metadatas, (std::vector<std::optional<Metadata>>{Metadata{{"k", 1}}, std::nullopt}));
  EXPECT_EQ(response.include, IncludeList({Include::Embedding, Include::Uri}));
}

TEST(DecodeRecordsTest, ReadsColumnsInAnyOrder) {
  const auto response = decode<GetResponse>(R"({"embeddings":[[1],[2],[3]],"documents":["x"],"ids":["a"]})");
  EXPECT_EQ(response.embeddings, Embeddings({{1}, {2}, {3}}));
  EXPECT_EQ(response.include, IncludeList::empty());
}

TEST(DecodeRecordsTest, TakesTheLastOfDuplicateKeys) {
  EXPECT_EQ(decode<GetResponse>(R"({"ids":["a"],"uris":["u"],"uris":null,"ids":["b"]})").ids,
            std::vector<std::string>{"b"});
}

TEST(DecodeRecordsTest, KeepsRaggedEmptyAndMissingRows) {
  const auto response = decode<GetResponse>(R"({"ids":["a","b","c","d"],"embeddings":[[1,2],null,[],[3]]})");
  EXPECT_EQ(response.embeddings, Embeddings({std::vector<float>{1, 2}, std::nullopt, std::vector<float>(),
                                             std::vector<float>{3}}));
  EXPECT_EQ(decode<GetResponse>(R"({"ids":[],"embeddings":[[],[1,2,3],[4,5,6],[7,8,9,10]]})").embeddings,
            Embeddings({{}, {1, 2, 3}, {4, 5, 6}, {7, 8, 9, 10}}));
  EXPECT_EQ(decode<GetResponse>(R"({"ids":[],"embeddings":[]})").embeddings, Embeddings());
}

TEST(DecodeRecordsTest, ReservesNoMoreThanTheTextCanFill) {
  // The first row is long and there are many ids. Reserving their product would take far too much memory.
  std::string text = R"({"ids":[""])";
  text.pop_back();
  for (int i = 0; i < 2000; ++i) text += R"(,"")";
  text += R"(],"embeddings":[[0)";
  for (int i = 0; i < 2000; ++i) text += ",0";
  text += "],[1]]}";
  const auto response = decode<GetResponse>(text);
  EXPECT_EQ(response.embeddings->size(), 2u);
  EXPECT_EQ((*response.embeddings)[0].size(), 2001u);
}

TEST(DecodeRecordsTest, ReadsAQuery) {
  constexpr std::string_view text =
      R"({"ids":[["a","b"],[]],"embeddings":[[[1.0],null],[]],"documents":null,"uris":null,"metadatas":[[null,{"x":1}],[]],"distances":[[0.5,null],[]],"include":["distances"]})";
  EXPECT_EQ(rewritten<QueryResponse>(text), text);
}

TEST(DecodeRecordsTest, ReadsASearchWithColumnsAbsent) {
  EXPECT_EQ(
      rewritten<SearchResponse>(R"({"ids":[["a"]],"select":[["#score","title"]],"scores":[[0.5]]})"),
      R"({"ids":[["a"]],"documents":[],"embeddings":[],"metadatas":[],"scores":[[0.5]],"select":[["#score","title"]]})");
  const auto response = decode<SearchResponse>(R"({"ids":[["a"]]})");
  EXPECT_EQ(response.rows()[0].id, "a");
}

TEST(DecodeRecordsTest, ADeletionWithoutACountIsZero) {
  EXPECT_EQ(decode<DeleteResponse>("{}").deleted, 0u);
  EXPECT_EQ(decode<DeleteResponse>(R"({"deleted":7,"more":[]})").deleted, 7u);
}

TEST(DecodeRecordsTest, NamesTheLocationOfAnError) {
  EXPECT_EQ(fault<GetResponse>(R"({"ids":["a"],"embeddings":[[1,2],[3,"x"]]})").substr(0, 16),
            "/embeddings/1/1:");
  EXPECT_EQ(fault<GetResponse>(R"({"ids":["a"],"embeddings":[[1,null]]})").substr(0, 16), "/embeddings/0/1:");
  EXPECT_EQ(
      fault<GetResponse>(R"({"ids":["a"],"embeddings":[[1 2]]})").find("',' or ']'") == std::string::npos,
      false);
  EXPECT_EQ(fault<GetResponse>(R"({"ids":["a"],"embeddings":[[1,]]})").substr(0, 16), "/embeddings/0/1:");
  EXPECT_EQ(fault<GetResponse>(R"({"ids":["a"],"embeddings":[1]})").substr(0, 14), "/embeddings/0:");
  EXPECT_EQ(fault<GetResponse>(R"({"ids":["a"],"embeddings":[[1)").empty(), false);
  EXPECT_EQ(fault<GetResponse>(R"({"ids":["a",3]})").substr(0, 7), "/ids/1:");
  EXPECT_EQ(fault<GetResponse>(R"({"ids":["a"],"documents":[1]})").substr(0, 13), "/documents/0:");
  EXPECT_EQ(fault<QueryResponse>(R"({"ids":[["a"]],"distances":[["x"]]})").substr(0, 15), "/distances/0/0:");
  EXPECT_NE(fault<GetResponse>(R"({"include":[]})").find("the member \"ids\" is missing"), std::string::npos);
  EXPECT_NE(fault<QueryResponse>("{}").find("the member \"ids\" is missing"), std::string::npos);
  EXPECT_NE(fault<SearchResponse>("{}").find("the member \"ids\" is missing"), std::string::npos);
  EXPECT_NE(fault<GetResponse>("[]"), "read");
  EXPECT_NE(fault<GetResponse>(R"({"ids":[]} x)"), "read");
}

TEST(DecodeRecordsTest, RefusesFloatsBeyondTheRange) {
  EXPECT_NE(fault<GetResponse>(R"({"ids":[],"embeddings":[[1e39]]})"), "read");
  EXPECT_EQ(decode<GetResponse>(R"({"ids":[],"embeddings":[[1e-60]]})").embeddings, Embeddings({{0}}));
}

TEST(DecodeRecordsTest, DoesNotOverflowTheStack) {
  std::string text = R"({"ids":[],"x":)";
  for (int i = 0; i < 100000; ++i) text += '[';
  EXPECT_NE(fault<GetResponse>(text), "read");
}

TEST(DecodeRecordsTest, ColumnsOfSearchesMayBeNullAsAWhole) {
  const auto response = decode<SearchResponse>(
      R"({"ids":[["a"]],"documents":null,"embeddings":null,"metadatas":null,"scores":null,"select":null})");
  EXPECT_EQ(response, decode<SearchResponse>(R"({"ids":[["a"]]})"));
  EXPECT_EQ(response.rows()[0].id, "a");
}

}  // namespace
}  // namespace chroma::codec
