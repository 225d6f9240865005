// A provider of embeddings with real HTTP, and a real Chroma server that stores what it makes.
#include "integration/real_server.hpp"
#include "support/mock_server.hpp"

#include <chroma/embed/openai.hpp>

#include <nlohmann/json.hpp>

namespace chroma::test {
namespace {

/// A vector with the number of each vowel.
std::vector<float> count_vowels(const std::string& text) {
  std::vector<float> row;
  for (const char vowel : {'a', 'e', 'i', 'o', 'u'}) {
    row.push_back(static_cast<float>(std::count(text.begin(), text.end(), vowel)));
  }
  return row;
}

Reply embeddings(const Received& received) {
  nlohmann::json data = nlohmann::json::array();
  const std::vector<std::string> texts = nlohmann::json::parse(received.body).at("input");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    data.push_back({{"index", i}, {"embedding", count_vowels(texts[i])}});
  }
  return Reply(200, nlohmann::json{{"data", data}}.dump());
}

class EmbeddingTest : public RealServerTest {
 protected:
  EmbeddingTest() {
    options.api_base = provider.url();
    options.model = "vowels";
    options.api_key_env_var = "CHROMA_CPP_TEST_API_KEY";
    options.max_texts = 2;
    options.proxy = "";
  }

  MockServer provider{embeddings};
  embed::OpenAiOptions options;
};

TEST_F(EmbeddingTest, TextsOfAProviderAreFoundInARealServer) {
  const embed::OpenAiEmbeddingFunction function(runtime.executor(), options);
  const auto collection = make_collection();
  const std::vector<std::string> documents = {"banana", "see the bee", "zulu", "bishop in igloo", "otto"};
  run(collection.add(
      AddRequest({"a", "e", "u", "i", "o"}, run(function.embed_strs(documents)))
          .documents(std::vector<std::optional<std::string>>(documents.begin(), documents.end()))));
  EXPECT_EQ(provider.received().size(), 3U);
  const auto found =
      run(collection.query(QueryRequest(run(function.embed_query_strs({"alabama", "hulu"}))).n_results(1)));
  ASSERT_EQ(found.ids.size(), 2U);
  EXPECT_EQ(found.ids[0], std::vector<std::string>{"a"});
  EXPECT_EQ(found.ids[1], std::vector<std::string>{"u"});
}

TEST_F(EmbeddingTest, ARealServerKeepsTheConfiguration) {
  const auto written = embed::OpenAiEmbeddingFunction(runtime.executor(), options).configuration();
  ASSERT_TRUE(written);
  const auto name = fresh_name("test");
  (void)run(client.create_collection(name, Schema::default_with_embedding_function(*written)));
  const auto collection = run(client.get_collection(name));
  ASSERT_TRUE(collection.schema());
  const auto read =
      collection.schema()->keys.at("#embedding").float_list->vector_index->config.embedding_function;
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name(), "openai");
  EXPECT_EQ(nlohmann::json::parse(read->config()), nlohmann::json::parse(written->config()));
  const auto client_options = real_options();
  const auto rebuilt =
      embed::Registry().build_dense(*read, embed::FactoryContext(runtime.executor(), client_options));
  EXPECT_EQ(run(rebuilt->embed_strs({"banana"})), Embeddings({{3, 0, 0, 0, 0}}));
}

}  // namespace
}  // namespace chroma::test
