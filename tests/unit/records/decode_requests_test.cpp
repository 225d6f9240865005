#include "codec/records.hpp"
#include "refusal.hpp"

#include <chroma/key.hpp>

#include <gtest/gtest.h>

namespace chroma::codec {
namespace {

template <class T>
T through_json(const T& value) {
  const core::Buffer json = encode(value);
  return decode<T>(json.view());
}

TEST(DecodeRequestsTest, ReadsWhatIsWritten) {
  const AddRequest add = AddRequest({"a", "b"}, {{0.1f}, {2}})
                             .documents({"d", std::nullopt})
                             .uris({std::nullopt, "u"})
                             .metadatas({{{"k", 1}}, std::nullopt});
  EXPECT_EQ(through_json(add), add);
  const UpsertRequest upsert = UpsertRequest({"a"}, {{1}}).metadatas({{{"gone", nullptr}, {"k", "v"}}});
  EXPECT_EQ(through_json(upsert), upsert);
  const UpdateRequest update({"a", "b"}, {std::nullopt, std::vector<float>{1}});
  EXPECT_EQ(through_json(update), update);
  const GetRequest get = GetRequest().ids("a").where(Key("x") == 1).limit(1).offset(2).include(Include::Uri);
  EXPECT_EQ(through_json(get), get);
  const QueryRequest query = QueryRequest(Embeddings::row({1, 2})).n_results(3).where(Key("x") > 1.5);
  EXPECT_EQ(through_json(query), query);
  const DeleteRequest deletion = DeleteRequest().where(Key("x") == "y").limit(1);
  EXPECT_EQ(through_json(deletion), deletion);
}

TEST(DecodeRequestsTest, ReadsBase64) {
  EXPECT_EQ(decode<Embeddings>(R"(["AACAPwAAAEAAAEBA", null, ""])"),
            Embeddings({std::vector<float>{1, 2, 3}, std::nullopt, std::vector<float>()}));
}

TEST(DecodeRequestsTest, RefusesWhatIsNotBase64OfFloats) {
  const auto fault = [](std::string_view text) {
    return unreadable([&] { (void)decode<Embeddings>(text); });
  };
  for (const char* text : {R"(["!!!!"])", R"(["AACAPw="])", R"(["AACAPw"])", R"(["AA=="])", R"(["AACA"])",
                           R"(["A==="])", R"(["AACA\nPw=="])", R"(["AACAPx=="])", R"(["===="])"}) {
    EXPECT_EQ(fault(text).substr(0, 3), "/0:") << text;
  }
  EXPECT_EQ(fault(R"(["AACAPw=="])"), "read");
}

TEST(DecodeRequestsTest, JoinsBothFormsOfAFilter) {
  const auto request =
      decode<GetRequest>(R"({"where":{"x":1},"where_document":{"$contains":"q"},"include":["uris"]})");
  EXPECT_EQ(request.where(), (Key("x") == 1) & Key::Document.contains("q"));
}

TEST(DecodeRequestsTest, TheLastOfSeveralKeysCounts) {
  const auto get = decode<GetRequest>(
      R"({"where_document":{"$contains":"p"},"where":{"x":1},"where":{"y":2},"where_document":null})");
  EXPECT_EQ(get.where(), Key("y") == 2);
  const auto deletion = decode<DeleteRequest>(R"({"where":{"x":1},"where":null})");
  EXPECT_EQ(deletion.where(), std::nullopt);
}

TEST(DecodeRequestsTest, FillsInDefaults) {
  EXPECT_EQ(decode<GetRequest>("{}"), GetRequest());
  EXPECT_EQ(decode<QueryRequest>(R"({"query_embeddings":[[1]]})"), QueryRequest(Embeddings::row({1})));
  EXPECT_EQ(decode<DeleteRequest>("{}"), DeleteRequest());
}

TEST(DecodeRequestsTest, NamesFaults) {
  EXPECT_EQ(unreadable([] { (void)decode<IncludeList>(R"(["uris","data"])"); }),
            "/1: Invalid include value: data");
  EXPECT_NE(unreadable([] { (void)decode<AddRequest>("{}"); }).find("the member \"ids\" is missing"),
            std::string::npos);
  EXPECT_NE(
      unreadable([] { (void)decode<QueryRequest>("{}"); }).find("the member \"query_embeddings\" is missing"),
      std::string::npos);
}

}  // namespace
}  // namespace chroma::codec
