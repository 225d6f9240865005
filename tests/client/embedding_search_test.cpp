// Queries and searches by text, and sparse vectors that are made of texts.
#include "client/embedding_fixture.hpp"

namespace chroma::test {
namespace {

using EmbeddingSearchTest = EmbeddingTest;

TEST_F(EmbeddingSearchTest, QueriesByTexts) {
  const auto collection = handle_with_function();
  server.respond(Reply(200, R"({"ids":[[],[]],"include":[]})"));
  run(collection.query(QueryRequest().query_texts("one", "three").n_results(2)));
  const auto body = sent();
  EXPECT_EQ(body["query_embeddings"], json::parse("[[3.0,1.0],[5.0,1.0]]"));
  EXPECT_EQ(body["n_results"], 2);
  EXPECT_EQ(body.count("query_texts"), 0U);
  EXPECT_EQ(calls->take(), (std::vector<Texts>{{"q:one", "q:three"}}));
}

TEST_F(EmbeddingSearchTest, AQueryHasEitherTextsOrVectors) {
  const auto collection = handle_with_function();
  auto error = fail(collection.query(QueryRequest({{1, 2}}).query_texts("one")));
  ASSERT_TRUE(error.is<ValidationError>());
  EXPECT_EQ(error.get_if<ValidationError>()->field, "query_texts");
  error = fail(collection.query(QueryRequest().query_texts("fine", "\xFF")));
  ASSERT_TRUE(error.is<ValidationError>());
  EXPECT_NE(error.get_if<ValidationError>()->message.find("row 1"), std::string::npos) << error.what();
  EXPECT_TRUE(fail(handle().query(QueryRequest().query_texts("one"))).is<MissingEmbeddingFunction>());
  EXPECT_TRUE(server.received().empty());
  EXPECT_TRUE(calls->take().empty());
}

TEST_F(EmbeddingSearchTest, TextsOfAllSearchesAreEmbeddedInOneCallOfEachFunction) {
  auto collection = sparse_handle("#document");
  collection.set_embedding_function(std::make_shared<const LengthFunction>(calls));
  server.respond(Reply(200, R"({"ids":[],"select":[]})"));
  std::vector<SearchPayload> searches(3);
  searches[0].rank(Knn::text("one").limit(7) * 0.5F + Knn::text("words").key("words").return_rank(true));
  searches[1].rank(Knn(std::vector<float>{9, 9}));
  searches[2].rank((Knn::text("xy").key("words") + 1).exp().max(Knn::text("five5").default_score(2.0F)));
  run(collection.search(searches));
  EXPECT_EQ(calls->take(), (std::vector<Texts>{{"q:one", "q:five5"}}));
  EXPECT_EQ(sparse_calls->take(), (std::vector<Texts>{{"words", "xy"}}));

  searches[0].rank(Knn(std::vector<float>{3, 1}).limit(7) * 0.5F +
                   Knn(SparseVector({5}, {1})).key("words").return_rank(true));
  searches[2].rank((Knn(SparseVector({2}, {1})).key("words") + 1)
                       .exp()
                       .max(Knn(std::vector<float>{5, 1}).default_score(2.0F)));
  const auto by_text = sent();
  run(collection.search(searches));
  EXPECT_EQ(by_text, sent());
}

TEST_F(EmbeddingSearchTest, AKeyWithoutAFunctionIsRefused) {
  const auto collection = handle_with_function();
  auto error = fail(collection.search(SearchPayload().rank(Knn::text("one").key("words"))));
  EXPECT_TRUE(error.is<EmbeddingFunctionError>());
  EXPECT_NE(std::string(error.what()).find("'words'"), std::string::npos) << error.what();
  error = fail(
      sparse_handle("#document", "chroma_bm25").search(SearchPayload().rank(Knn::text("x").key("words"))));
  EXPECT_NE(std::string(error.what()).find("chroma::bm25"), std::string::npos) << error.what();
  EXPECT_NE(std::string(error.what()).find("'words'"), std::string::npos) << error.what();
  error = fail(handle().search(SearchPayload().rank(Knn::text("one"))));
  EXPECT_TRUE(error.is<MissingEmbeddingFunction>());
  EXPECT_TRUE(server.received().empty());
}

TEST_F(EmbeddingSearchTest, ErrorsNameTheTextOfTheSearch) {
  auto collection = sparse_handle("#document");
  collection.set_embedding_function(std::make_shared<const LengthFunction>(calls));
  std::vector<SearchPayload> searches(2);
  searches[0].rank(Knn::text("one").key("words") + Knn::text("two"));
  searches[1].rank(Knn::text("fail"));
  const auto error = fail(collection.search(searches));
  ASSERT_TRUE(error.is<EmbeddingFunctionError>());
  EXPECT_EQ(error.get_if<EmbeddingFunctionError>()->first_text, 2U);
}

TEST_F(EmbeddingSearchTest, AnExpressionMayBeDeep) {
  const auto collection = handle_with_function();
  RankExpr rank = Knn::text("one");
  for (int i = 0; i < 20000; ++i) rank = rank.exp();
  server.respond(Reply(200, R"({"ids":[],"select":[]})"));
  run(collection.search(SearchPayload().rank(rank)));
  EXPECT_EQ(calls->take().size(), 1U);
  EXPECT_NE(server.only().body.find(R"({"query":[3.0,1.0],)"), std::string::npos);
}

TEST_F(EmbeddingSearchTest, SparseVectorsAreMadeOfDocuments) {
  const auto collection = sparse_handle("#document");
  const std::vector<std::string> ids = {"a", "b", "c"};
  const std::vector<std::optional<Metadata>> metadatas = {
      Metadata{{"year", 1990}}, Metadata{{"words", SparseVector({9}, {2})}}, std::nullopt};
  AddRequest request(ids, {{1}, {2}, {3}});
  run(collection.add(request.documents({"one", "three", "xy"}).metadatas(metadatas)));
  EXPECT_EQ(sparse_calls->take(), (std::vector<Texts>{{"one", "xy"}}));
  const auto rows = sent()["metadatas"];
  EXPECT_EQ(rows[0]["year"], 1990);
  EXPECT_EQ(rows[0]["words"]["indices"], json::parse("[3]"));
  EXPECT_EQ(rows[1]["words"]["indices"], json::parse("[9]"));
  EXPECT_EQ(rows[2]["words"]["indices"], json::parse("[2]"));
}

TEST_F(EmbeddingSearchTest, RecordsWithoutATextKeepTheirMetadata) {
  const auto collection = sparse_handle("#document");
  const std::vector<std::string> ids = {"a", "b"};
  run(collection.update(UpdateRequest(ids).documents({std::nullopt, "xy"})));
  EXPECT_EQ(sparse_calls->take(), (std::vector<Texts>{{"xy"}}));
  const auto rows = sent()["metadatas"];
  EXPECT_TRUE(rows[0].is_null());
  EXPECT_EQ(rows[1]["words"]["indices"], json::parse("[2]"));
  run(collection.update(UpdateRequest(ids, {{1}, {2}})));
  EXPECT_TRUE(sent()["metadatas"].is_null());
  EXPECT_TRUE(sparse_calls->take().empty());
}

TEST_F(EmbeddingSearchTest, SparseVectorsAreMadeOfAMetadataField) {
  const auto collection = sparse_handle("title");
  const std::vector<std::string> ids = {"a", "b", "c", "d"};
  const std::vector<std::optional<UpdateMetadata>> metadatas = {
      UpdateMetadata{{"title", "Dune"}}, UpdateMetadata{{"title", 7}},
      UpdateMetadata{{"words", nullptr}, {"title", "x"}}, std::nullopt};
  UpsertRequest request(ids, {{1}, {2}, {3}, {4}});
  run(collection.upsert(request.documents({"d", "d", "d", "d"}).metadatas(metadatas)));
  EXPECT_EQ(sparse_calls->take(), (std::vector<Texts>{{"Dune"}}));
  const auto rows = sent()["metadatas"];
  EXPECT_EQ(rows[0]["words"]["indices"], json::parse("[4]"));
  EXPECT_EQ(rows[1].count("words"), 0U);
  EXPECT_TRUE(rows[2]["words"].is_null());
  EXPECT_TRUE(rows[3].is_null());
}

TEST_F(EmbeddingSearchTest, EmbeddedHasTheSparseVectors) {
  auto collection = sparse_handle("#document");
  collection.set_embedding_function(std::make_shared<const LengthFunction>(calls));
  const std::vector<std::string> ids = {"a"};
  const auto request = run(collection.embedded(UpsertRequest(ids).documents({"one"})));
  EXPECT_EQ(request.embeddings(), Embeddings({{3, 0}}));
  ASSERT_TRUE(request.metadatas() && (*request.metadatas())[0]);
  EXPECT_EQ((*request.metadatas())[0]->at("words"), UpdateMetadataValue(SparseVector({3}, {1})));
  EXPECT_TRUE(server.received().empty());
}

TEST_F(EmbeddingSearchTest, ASparseFunctionThatCannotBeBuiltIsReportedWhereItIsNeeded) {
  const auto collection = sparse_handle("#document", "chroma_bm25");
  const std::vector<std::string> ids = {"a"};
  run(collection.add(AddRequest(ids, {{1}})));
  server.forget();
  const auto error = fail(collection.add(AddRequest(ids, {{1}}).documents({"x"})));
  EXPECT_TRUE(error.is<EmbeddingFunctionError>());
  EXPECT_NE(std::string(error.what()).find("key 'words': "), std::string::npos) << error.what();
  EXPECT_TRUE(server.received().empty());
}

}  // namespace
}  // namespace chroma::test
