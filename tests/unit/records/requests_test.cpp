#include <chroma/key.hpp>
#include <chroma/requests.hpp>

#include <gtest/gtest.h>

#include <array>
#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>

namespace chroma {
namespace {

using Ids = std::vector<std::string>;

static_assert(std::is_default_constructible_v<AddRequest>);
static_assert(std::is_default_constructible_v<UpsertRequest>);
static_assert(std::is_default_constructible_v<UpdateRequest>);
static_assert(std::is_default_constructible_v<GetRequest>);
static_assert(std::is_default_constructible_v<QueryRequest>);
static_assert(std::is_default_constructible_v<DeleteRequest>);

// A text does not convert to a filter, because it could become the filter that matches everything.
template <class T>
concept MakesFilter = requires(T text) {
  DeleteRequest().where(Where(text));
};
static_assert(!MakesFilter<const char*>);
static_assert(MakesFilter<bool>);

TEST(RequestsTest, SettersReturnTheRequestItself) {
  GetRequest request;
  GetRequest& same = request.limit(3).offset(4);
  EXPECT_EQ(&same, &request);
  static_assert(std::same_as<decltype(GetRequest().limit(3)), GetRequest>);
  EXPECT_EQ(GetRequest().limit(3).offset(4), request);
  EXPECT_EQ(request.limit(), 3u);
  EXPECT_EQ(request.limit(std::nullopt).limit(), std::nullopt);
}

TEST(RequestsTest, ChainsMoveTheirColumns) {
  std::vector<std::optional<std::string>> documents{std::string(100, 'x')};
  const char* text = documents[0]->data();
  const auto request = AddRequest({"a"}, {{1}}).documents(std::move(documents)).uris({"u"});
  EXPECT_EQ((*request.documents())[0]->data(), text);
}

TEST(RequestsTest, TakesColumnsInEveryForm) {
  const Metadata metadata{{"k", 1}};
  AddRequest expected({"a", "b"}, {{1}, {2}});
  expected.documents(std::vector<std::optional<std::string>>{"d", std::nullopt});
  expected.metadatas(std::vector<std::optional<Metadata>>{metadata, std::nullopt});
  EXPECT_EQ(
      AddRequest({"a", "b"}, {{1}, {2}}).documents({"d", std::nullopt}).metadatas({metadata, std::nullopt}),
      expected);
  EXPECT_EQ(AddRequest()
                .ids("a", std::string("b"))
                .embeddings(Embeddings({{1}, {2}}))
                .documents({"d", std::nullopt})
                .metadatas({{{"k", 1}}, std::nullopt}),
            expected);
  expected.documents(std::vector<std::string>{"d", "e"}).metadatas(std::vector<Metadata>{metadata, metadata});
  EXPECT_EQ(AddRequest({"a", "b"}, {{1}, {2}}).documents({"d", "e"}).metadatas({metadata, {{"k", 1}}}),
            expected);
  EXPECT_EQ(expected.documents(std::nullopt).documents(), std::nullopt);
}

TEST(RequestsTest, TakesTextsAsSeparateArguments) {
  const std::vector<std::string> texts{"d", "e"};
  AddRequest request({"a", "b"});
  AddRequest& same = request.documents("d", std::string("e")).uris(std::string_view("d"), "e");
  EXPECT_EQ(&same, &request);
  EXPECT_EQ(request, AddRequest({"a", "b"}).documents(texts).uris(texts));
  EXPECT_EQ(AddRequest({"a", "b"}).documents("d", "e").uris("d", "e"), request);
  EXPECT_EQ(request.documents("x").documents()->size(), 1u);
  EXPECT_EQ(request.documents(std::nullopt).documents(), std::nullopt);
}

TEST(RequestsTest, AQueryTakesOneVector) {
  const QueryRequest expected(Embeddings({{1, 2}}));
  const std::vector<float> values{1, 2};
  const std::array<float, 2> array{1, 2};
  const float plain[] = {1, 2};
  EXPECT_EQ(QueryRequest(values), expected);
  EXPECT_EQ(QueryRequest(std::vector<float>{1, 2}), expected);
  EXPECT_EQ(QueryRequest(std::span(values)), expected);
  EXPECT_EQ(QueryRequest(array), expected);
  EXPECT_EQ(QueryRequest(plain), expected);
  EXPECT_EQ(QueryRequest({{1, 2}}), expected);
  EXPECT_EQ(QueryRequest(std::vector<std::vector<float>>{{1, 2}}), expected);
  EXPECT_EQ(QueryRequest(Embeddings::rows(values, values)).query_embeddings().size(), 2u);
  std::vector<float> moved{1, 2};
  const float* const data = moved.data();
  EXPECT_EQ(QueryRequest(std::move(moved)).query_embeddings()[0].data(), data);
  static_assert(!std::is_convertible_v<std::vector<float>, QueryRequest>);
}

TEST(RequestsTest, UpsertAndUpdateTakeMetadataToo) {
  const Metadata metadata{{"k", 1}};
  const UpdateMetadata same{{"k", 1}};
  const UpdateMetadata deletion{{"k", nullptr}};
  const UpsertRequest expected = UpsertRequest({"a", "b"}, {{1}, {2}}).metadatas({same, std::nullopt});
  EXPECT_EQ(UpsertRequest({"a", "b"}, {{1}, {2}}).metadatas({metadata, std::nullopt}), expected);
  EXPECT_EQ(UpsertRequest({"a", "b"}, {{1}, {2}})
                .metadatas(std::vector<std::optional<Metadata>>{metadata, std::nullopt}),
            expected);
  EXPECT_EQ(UpdateRequest({"a"}).metadatas(std::vector<Metadata>{metadata}),
            UpdateRequest({"a"}).metadatas({same}));
  EXPECT_EQ(UpdateRequest({"a"}).metadatas({{{"k", nullptr}}}), UpdateRequest({"a"}).metadatas({deletion}));
  EXPECT_NE(UpdateRequest({"a"}).metadatas({deletion}), UpdateRequest({"a"}).metadatas({same}));
}

TEST(RequestsTest, UpdateMayLeaveEmbeddingsOut) {
  EXPECT_FALSE(UpdateRequest({"a"}).embeddings());
  const UpdateRequest request({"a", "b"}, {std::vector<float>{1}, std::nullopt});
  EXPECT_FALSE(request.embeddings()->has_row(1));
  const std::vector<std::string> ids{"a", "b"};
  EXPECT_EQ(UpdateRequest(ids, {{1}, std::nullopt}), request);
  EXPECT_EQ(UpdateRequest(ids).embeddings({{1}, std::nullopt}), request);
  EXPECT_EQ(UpdateRequest(ids).embeddings(Embeddings({{1}, std::nullopt})), request);
  EXPECT_EQ(
      UpdateRequest(ids).embeddings(std::vector<std::optional<std::vector<float>>>{{{1}}, std::nullopt}),
      request);
  EXPECT_EQ(UpdateRequest(request).embeddings(std::nullopt), UpdateRequest(ids));
}

TEST(RequestsTest, VariadicSettersDoNotHideGetters) {
  GetRequest request;
  request.ids("a", "b").include(Include::Uri, Include::Document);
  EXPECT_EQ(request.ids(), Ids({"a", "b"}));
  EXPECT_EQ(request.include(), IncludeList({Include::Uri, Include::Document}));
  EXPECT_EQ(request.include({Include::Uri}).include(), IncludeList({Include::Uri}));
  EXPECT_EQ(request.include({Include::Uri, Include::Document}).include().size(), 2u);
  EXPECT_EQ(request.include({}).include(), IncludeList::empty());
  EXPECT_EQ(request.ids({"c"}).ids(), Ids({"c"}));
  EXPECT_EQ(request.ids({}).ids(), Ids());
  EXPECT_EQ(request.ids(std::nullopt).ids(), std::nullopt);
  const Ids ids{"x", "y"};
  EXPECT_EQ(request.ids(ids).ids(), ids);
}

TEST(RequestsTest, HasTheCratesDefaults) {
  EXPECT_EQ(GetRequest().include(), IncludeList::default_get());
  EXPECT_EQ(GetRequest().limit(), std::nullopt);
  EXPECT_EQ(GetRequest().offset(), 0u);
  EXPECT_EQ(QueryRequest().include(), IncludeList::default_query());
  EXPECT_EQ(QueryRequest().n_results(), 10u);
}

TEST(RequestsTest, TakesFilters) {
  const Where clause = Key("x") == 1;
  EXPECT_EQ(GetRequest().where(clause).where(), clause);
  EXPECT_EQ(GetRequest().where(clause).where(std::nullopt).where(), std::nullopt);
  EXPECT_NE(DeleteRequest().where(clause), DeleteRequest());
}

}  // namespace
}  // namespace chroma
