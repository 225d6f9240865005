#include "codec/records.hpp"

#include <chroma/key.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace chroma::codec {
namespace {

template <class T>
std::string json(const T& value) {
  const core::Buffer text = encode(value);
  return std::string(text.view());
}

template <class Request>
std::string body(const Request& request, bool base64) {
  return std::string(encode(RecordsBody<Request>{request, base64}).view());
}

TEST(EncodeRecordsTest, WritesEmbeddingsAsNumbersOrBase64) {
  const AddRequest add({"a", "b"}, {{0.1f, 2}, {1, 3}});
  EXPECT_EQ(
      body(add, false),
      R"({"ids":["a","b"],"embeddings":[[0.1,2.0],[1.0,3.0]],"documents":null,"uris":null,"metadatas":null})");
  EXPECT_EQ(
      body(add, true),
      R"({"ids":["a","b"],"embeddings":["zczMPQAAAEA=","AACAPwAAQEA="],"documents":null,"uris":null,"metadatas":null})");
  const UpdateRequest update({"a", "b"}, {std::nullopt, std::vector<float>{1, 2, 3}});
  EXPECT_EQ(
      body(update, true),
      R"({"ids":["a","b"],"embeddings":[null,"AACAPwAAAEAAAEBA"],"documents":null,"uris":null,"metadatas":null})");
  EXPECT_EQ(body(UpdateRequest({"a"}), true),
            R"({"ids":["a"],"embeddings":null,"documents":null,"uris":null,"metadatas":null})");
  EXPECT_EQ(body(AddRequest(std::vector<std::string>(), Embeddings()), true),
            R"({"ids":[],"embeddings":[],"documents":null,"uris":null,"metadatas":null})");
}

TEST(EncodeRecordsTest, WritesUpdatesOfMetadata) {
  EXPECT_EQ(
      body(UpsertRequest({"a"}, {{1}}).metadatas({{{"gone", nullptr}, {"kept", 2.0}}}), false),
      R"({"ids":["a"],"embeddings":[[1.0]],"documents":null,"uris":null,"metadatas":[{"gone":null,"kept":2.0}]})");
}

TEST(EncodeRecordsTest, EscapesTexts) {
  EXPECT_EQ(body(UpdateRequest({"\"\\\n"}).documents({"\x01\xC3\xA9"}), false),
            "{\"ids\":[\"\\\"\\\\\\n\"],\"embeddings\":null,\"documents\":[\"\\u0001\xC3\xA9\"],"
            "\"uris\":null,\"metadatas\":null}");
}

TEST(EncodeRecordsTest, WritesBase64IntoABufferOfTheRightSize) {
  constexpr std::size_t rows = 50;
  constexpr std::size_t dimension = 384;
  std::vector<std::string> ids;
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < rows; ++i) {
    ids.push_back("id" + std::to_string(i));
    documents.push_back(std::string(i, 'x'));
  }
  const UpsertRequest request =
      UpsertRequest(ids, Embeddings(std::vector<float>(rows * dimension, 0.3f), dimension))
          .documents(documents);
  const core::Buffer text = encode(RecordsBody<std::decay_t<decltype(request)>>{request, true});
  EXPECT_GE(text.capacity(), text.size());
  EXPECT_LE(static_cast<double>(text.capacity()), 1.05 * static_cast<double>(text.size()));
}

TEST(EncodeRecordsTest, SendsEachColumnOnce) {
  EXPECT_EQ(
      json(GetRequest().include(Include::Uri, Include::Document, Include::Uri).limit(4294967295)),
      R"({"ids":null,"where":null,"where_document":null,"limit":4294967295,"offset":0,"include":["uris","documents"]})");
}

TEST(EncodeRecordsTest, WritesQueriesAsNumbers) {
  EXPECT_EQ(
      json(QueryRequest(Embeddings::row({1, 2.5f})).ids("a").where(Key("x") > 1.5).n_results(3)),
      R"({"ids":["a"],"where":{"x":{"$gt":1.5}},"where_document":null,"query_embeddings":[[1.0,2.5]],"n_results":3,"include":["documents","metadatas","distances"]})");
}

TEST(EncodeRecordsTest, WritesDeletions) {
  EXPECT_EQ(json(DeleteRequest().where(Key("x") == 1).limit(2)),
            R"({"ids":null,"limit":2,"where":{"x":{"$eq":1}},"where_document":null})");
}

}  // namespace
}  // namespace chroma::codec
