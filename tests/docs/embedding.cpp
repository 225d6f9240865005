// Compiles the code of docs/embedding.md and tests that it does what the page says.
#include "docs/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>
#ifdef CHROMA_HAS_COMPONENTS
#include <chroma/embed/bm25.hpp>
#include <chroma/embed/onnx_mini_lm_l6_v2.hpp>
#endif

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

namespace asio = boost::asio;

namespace embedding_page {
namespace {

asio::awaitable<void> notes(chroma::ChromaHttpClient client,
                            std::shared_ptr<const chroma::embed::DenseEmbeddingFunction> function) {
  auto notes = co_await client.get_or_create_collection("notes", std::nullopt, std::nullopt, function);
  std::vector<std::string> ids = {"n1", "n2"};
  co_await notes.upsert(chroma::UpsertRequest(ids).documents("buy milk", "water the trees"));
  auto found = co_await notes.query(chroma::QueryRequest().query_texts("groceries").n_results(1));
  for (auto row : found.rows()) std::cout << row.id << ": " << *row.document << '\n';
}

#ifdef CHROMA_HAS_COMPONENTS
chroma::ChromaHttpClientOptions with_components() {
  auto options = chroma::ChromaHttpClientOptions::from_env();
  chroma::embed::add_bm25(options.embedding_functions);
  chroma::embed::add_onnx(options.embedding_functions);
  return options;
}
#endif

asio::awaitable<void> store(chroma::ChromaCollection collection, chroma::UpsertRequest request) {
  request = co_await collection.embedded(request);
  auto stored = co_await chroma::as_result(collection.upsert(request));
  if (!stored.has_value() && stored.error().is_retryable()) co_await collection.upsert(request);
}

std::shared_ptr<const chroma::embed::DenseEmbeddingFunction> vowels() {
  return chroma::embed::dense([](std::vector<std::string> texts) {
    std::vector<float> values;
    for (const auto& text : texts) {
      for (char vowel : {'a', 'e', 'i', 'o', 'u'}) {
        values.push_back(static_cast<float>(std::count(text.begin(), text.end(), vowel)));
      }
    }
    return chroma::Embeddings(std::move(values), 5);
  });
}

using namespace chroma;
using test::printed;
using EmbeddingPage = test::PageTest;

TEST_F(EmbeddingPage, StoresAndQueriesByText) {
  EXPECT_EQ(printed([&] { run(notes(client, vowels())); }), "n1: buy milk\n");
  // The function has no configuration, which is recorded.
  EXPECT_NE(sent("create_collection").find(R"("embedding_function":{"type":"legacy"})"), std::string::npos);
}

TEST_F(EmbeddingPage, EmbeddingsAreKeptWhenAWriteFails) {
  auto collection = colors();
  std::size_t embedded = 0;
  collection.set_embedding_function(embed::dense([&](const std::vector<std::string>& texts) {
    ++embedded;
    return Embeddings(std::vector<float>(texts.size() * 3, 0.5F), 3);
  }));
  server.inject(chroma::testing::Fault::respond(503));
  const std::vector<std::string> ids = {"red"};
  run(store(collection, UpsertRequest(ids).documents({"a rose"})));
  EXPECT_EQ(server.calls("collection_upsert"), 2U);
  EXPECT_EQ(embedded, 1U);
}

#ifdef CHROMA_HAS_COMPONENTS
TEST_F(EmbeddingPage, AClientKnowsTheFunctionsOfTheComponents) {
  const auto options = with_components();
  const auto bm25 = embed::BM25SparseEmbeddingFunction().configuration();
  ASSERT_TRUE(bm25.has_value());
  const embed::FactoryContext context(runtime.executor(), options);
  EXPECT_NE(options.embedding_functions.build_sparse(*bm25, context), nullptr);
}
#endif

}  // namespace
}  // namespace embedding_page
