// Compiles the code of docs/embedding.md and tests that it does what the page says.
#include "docs/fixture.hpp"
#include "docs/printed.hpp"
#include "support/variable.hpp"

#include <chroma/chroma.hpp>
#include <chroma/embed/chroma_cloud.hpp>
#include <chroma/embed/hugging_face_server.hpp>
#include <chroma/embed/ollama.hpp>
#include <chroma/embed/openai.hpp>
#ifdef CHROMA_HAS_COMPONENTS
#include <chroma/embed/bm25.hpp>
#include <chroma/embed/onnx_mini_lm_l6_v2.hpp>
#endif

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

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

std::shared_ptr<const chroma::embed::DenseEmbeddingFunction> openai(asio::any_io_executor executor) {
  chroma::embed::OpenAiOptions options;
  options.api_base = "http://localhost:8080/v1";
  options.model = "nomic-embed-text";
  return std::make_shared<chroma::embed::OpenAiEmbeddingFunction>(executor, options);
}

std::shared_ptr<const chroma::embed::DenseEmbeddingFunction> ollama(asio::any_io_executor executor) {
  chroma::embed::OllamaOptions options;
  options.model = "nomic-embed-text";  // options.host is http://localhost:11434
  return std::make_shared<chroma::embed::OllamaEmbeddingFunction>(executor, options);
}

std::shared_ptr<const chroma::embed::DenseEmbeddingFunction> tei(asio::any_io_executor executor) {
  chroma::embed::HuggingFaceServerOptions options;
  options.url = "http://localhost:8080";
  options.truncate = true;  // A text that is too long is cut. Otherwise it is an error that names the text.
  return std::make_shared<chroma::embed::HuggingFaceServerEmbeddingFunction>(executor, options);
}

std::shared_ptr<const chroma::embed::DenseEmbeddingFunction> qwen(asio::any_io_executor executor) {
  chroma::embed::ChromaCloudQwenOptions options;
  options.task = "nl_to_code";  // Questions about code. Without a task no instructions are sent.
  return std::make_shared<chroma::embed::ChromaCloudQwenEmbeddingFunction>(executor, options);
}

chroma::Schema with_splade(asio::any_io_executor executor) {
  const chroma::embed::ChromaCloudSpladeEmbeddingFunction splade(executor);
  chroma::SparseVectorIndexConfig words;
  words.embedding_function = splade.configuration();
  words.source_key = "#document";
  return chroma::Schema().create_index("words", words);
}

#ifdef CHROMA_HAS_COMPONENTS
std::shared_ptr<const chroma::embed::DenseEmbeddingFunction> mini_lm() {
  return std::make_shared<chroma::embed::OnnxMiniLmL6V2EmbeddingFunction>();
}
#endif

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

TEST_F(EmbeddingPage, FunctionsAreRecordedWithTheirSettings) {
  const test::Variable key("CHROMA_API_KEY", "ck-12345678");
  const auto executor = runtime.executor();
  const std::vector<
      std::tuple<std::shared_ptr<const embed::DenseEmbeddingFunction>, const char*, const char*>>
      functions = {
          {openai(executor), "openai", R"("api_base":"http://localhost:8080/v1")"},
          {ollama(executor), "ollama", R"("url":"http://localhost:11434")"},
          {tei(executor), "huggingface_server", R"("url":"http://localhost:8080/embed")"},
          {qwen(executor), "chroma-cloud-qwen", R"("task":"nl_to_code")"},
      };
  for (const auto& [function, name, setting] : functions) {
    const auto configuration = function->configuration();
    ASSERT_TRUE(configuration.has_value()) << name;
    EXPECT_EQ(configuration->name(), name);
    EXPECT_NE(configuration->config().find(setting), std::string::npos) << configuration->config();
  }
}

TEST_F(EmbeddingPage, ASchemaNamesTheFunctionOfItsSparseVectors) {
  const test::Variable key("CHROMA_API_KEY", "ck-12345678");
  const auto schema = with_splade(runtime.executor());
  const auto& config = schema.keys.at("words").sparse_vector->sparse_vector_index->config;
  ASSERT_TRUE(config.embedding_function.has_value());
  EXPECT_EQ(config.embedding_function->name(), "chroma-cloud-splade");
  EXPECT_EQ(config.source_key, "#document");
}

#ifdef CHROMA_HAS_COMPONENTS
TEST_F(EmbeddingPage, AMissingModelIsReportedWithThePlaceWhereItWasLookedFor) {
  const test::Variable home("HOME", "/nonexistent");
  try {
    (void)mini_lm();
    FAIL() << "the model was found";
  } catch (const ChromaHttpClientError& error) {
    EXPECT_NE(std::string(error.what()).find("/nonexistent/.cache/chroma/onnx_models"), std::string::npos)
        << error.what();
  }
}

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
