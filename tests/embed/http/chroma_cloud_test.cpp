#include "embed/chroma_cloud/configuration.hpp"
#include "embed/http/fixture.hpp"

#include <chroma/embed/chroma_cloud.hpp>

namespace {

using namespace chroma::test;
namespace chroma_cloud = chroma::embed::chroma_cloud;
using chroma::SparseVector;
using chroma::embed::ChromaCloudQwenEmbeddingFunction;
using chroma::embed::ChromaCloudQwenInstructions;
using chroma::embed::ChromaCloudQwenOptions;
using chroma::embed::ChromaCloudSpladeEmbeddingFunction;
using chroma::embed::ChromaCloudSpladeOptions;

constexpr const char* code_instruction =
    "Given a question about coding, retrieval code or passage that can solve user's question";

Reply dense(const Received& received) {
  Json rows = Json::array();
  for (const auto& text : texts_in(received, "texts")) rows.push_back(row_of(text));
  return {200, Json{{"embeddings", rows}, {"error", nullptr}}.dump()};
}

Reply sparse(const Received& received) {
  const auto request = Json::parse(received.body);
  Json rows = Json::array();
  for (const std::string text : request.at("texts")) {
    Json row = {{"indices", {text.size() + 10, 7}}, {"values", {0.5, 0.25}}};
    if (request.at("fetch_tokens") == "true") row["labels"] = {"long", "short"};
    rows.push_back(row);
  }
  return {200, Json{{"embeddings", rows}, {"num_tokens", 3}}.dump()};
}

class QwenTest : public testing::Test {
 protected:
  QwenTest() {
    options.embed_url = server.url() + "//";
    options.api_key = "ck-12345678";
    retry_at_once(options);
  }

  Embeddings run(Texts texts) {
    Context context;
    const ChromaCloudQwenEmbeddingFunction function(context.executor(), options);
    return context.run(function.embed_strs(std::move(texts)));
  }
  EmbeddingFunctionError failure() {
    return embedding_error_of([&] { (void)run({"a"}); });
  }

  MockServer server{dense};
  ChromaCloudQwenOptions options;
};

TEST_F(QwenTest, SendsWhatTheServiceExpects) {
  EXPECT_EQ(run({"a", "bcd"}), rows_of({"a", "bcd"}));
  const auto request = server.only();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/");
  EXPECT_EQ(request.header("x-chroma-token"), "ck-12345678");
  EXPECT_EQ(request.header("x-chroma-embedding-model"), "Qwen/Qwen3-Embedding-0.6B");
  EXPECT_EQ(request.header("content-type"), "application/json");
  EXPECT_EQ(Json::parse(request.body), Json({{"instructions", ""}, {"texts", {"a", "bcd"}}}));
}

TEST_F(QwenTest, SendsTheInstructionsOfTheTask) {
  options.task = "nl_to_code";
  Context context;
  const ChromaCloudQwenEmbeddingFunction code(context.executor(), options);
  (void)context.run(code.embed_strs({"a"}));
  (void)context.run(code.embed_query_strs({"a"}));
  options.task = "mine";
  options.instructions["mine"] = ChromaCloudQwenInstructions("for documents", "for queries");
  const ChromaCloudQwenEmbeddingFunction mine(context.executor(), options);
  (void)context.run(mine.embed_strs({"a"}));
  (void)context.run(mine.embed_query_strs({"a"}));
  options.task = "unknown";
  const ChromaCloudQwenEmbeddingFunction unknown(context.executor(), options);
  (void)context.run(unknown.embed_query_strs({"a"}));
  std::vector<std::string> instructions;
  for (const auto& received : server.received()) {
    instructions.push_back(Json::parse(received.body).at("instructions"));
  }
  EXPECT_EQ(instructions,
            (std::vector<std::string>{"", code_instruction, "for documents", "for queries", ""}));
}

TEST_F(QwenTest, FindsTheServiceByAVariable) {
  options.embed_url.clear();
  const Variable url("CHROMA_EMBED_URL", (server.url() + "/prefix/").c_str());
  (void)run({"a"});
  EXPECT_EQ(server.only().target, "/prefix");
}

TEST_F(QwenTest, LongListsAreSplit) {
  const auto texts = texts_of_lengths(300);
  EXPECT_EQ(run(texts), rows_of(texts));
  EXPECT_EQ(server.received().size(), 3U);
}

TEST_F(QwenTest, WithoutTextsNothingIsSent) {
  EXPECT_TRUE(run({}).empty());
  EXPECT_TRUE(server.received().empty());
}

TEST_F(QwenTest, ASuccessWithoutEmbeddingsIsAnError) {
  const std::vector<std::pair<const char*, const char*>> bodies = {
      {R"({"embeddings":null,"error":"model is cold"})", "model is cold"},
      {R"({"error":"model is cold"})", "model is cold"},
      {R"({"embeddings":null,"error":null})", "\"embeddings\" is missing"},
      {"{}", "\"embeddings\" is missing"},
      {R"({"embeddings":[]})", "returned 0 embeddings for 1 inputs"},
      {R"({"embeddings":[[1,null]]})", "NaN"},
      {R"({"embeddings":{}})", "/embeddings"},
      {"no", "not JSON"},
  };
  for (const auto& [body, expected] : bodies) {
    server.respond(Reply(200, body));
    const auto message = failure().message;
    EXPECT_NE(message.find(expected), std::string::npos) << body << ": " << message;
  }
}

TEST_F(QwenTest, KeepsWhatTheServiceSaysOfARefusal) {
  server.respond(Reply(403, R"({"error":"key ck-12345678 has no access"})"));
  const auto error = failure();
  EXPECT_EQ(error.message, "key [secret] has no access");
  EXPECT_EQ(error.status, 403);
  EXPECT_EQ(server.received().size(), 1U);
}

TEST_F(QwenTest, WithoutAKeyTheErrorNamesTheVariable) {
  options.api_key.clear();
  options.api_key_env_var = "CHROMA_CPP_TEST_UNSET_API_KEY";
  Context context;
  try {
    const ChromaCloudQwenEmbeddingFunction function(context.executor(), options);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const chroma::ChromaHttpClientOptionsError& error) {
    EXPECT_NE(std::string(error.what()).find("CHROMA_CPP_TEST_UNSET_API_KEY"), std::string::npos);
  }
}

TEST_F(QwenTest, WritesAConfigurationThatPythonReads) {
  Context context;
  const auto configuration = ChromaCloudQwenEmbeddingFunction(context.executor(), options).configuration();
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->name(), "chroma-cloud-qwen");
  EXPECT_EQ(Json::parse(configuration->config()),
            Json({{"api_key_env_var", "CHROMA_API_KEY"},
                  {"instructions", {{"nl_to_code", {{"documents", ""}, {"query", code_instruction}}}}},
                  {"model", "Qwen/Qwen3-Embedding-0.6B"},
                  {"task", ""}}));
  const auto read = chroma_cloud::read_qwen_configuration(*configuration);
  EXPECT_EQ(read.model, options.model);
  EXPECT_EQ(read.instructions, options.instructions);
  EXPECT_EQ(read.task, "");
}

TEST_F(QwenTest, ReadsWhatOtherClientsWrite) {
  const auto read = [](const char* config) {
    return chroma_cloud::read_qwen_configuration(
        EmbeddingFunctionConfiguration::known("chroma-cloud-qwen", config));
  };
  const auto crate = read(R"({"api_key_env_var":"MY_API_KEY","model":"m","task":null})");
  EXPECT_EQ(crate.api_key_env_var, "MY_API_KEY");
  EXPECT_EQ(crate.model, "m");
  EXPECT_EQ(crate.instructions, ChromaCloudQwenOptions().instructions);
  const auto python = read(R"({"model":"m","task":"t","instructions":{"t":{"documents":"d","query":"q"}}})");
  EXPECT_EQ(python.task, "t");
  EXPECT_EQ(python.instructions.at("t"), ChromaCloudQwenInstructions("d", "q"));
  EXPECT_EQ(python.api_key_env_var, "CHROMA_API_KEY");
  EXPECT_EQ(read(R"({"model_name":"m"})").model, "m");
  EXPECT_THROW((void)read("{}"), chroma::ChromaHttpClientError);
  EXPECT_THROW((void)read(R"({"model":"m","api_key_env_var":"PATH"})"), chroma::ChromaHttpClientError);
}

class SpladeTest : public testing::Test {
 protected:
  SpladeTest() {
    options.embed_url = server.url();
    options.api_key = "ck-12345678";
    retry_at_once(options);
  }

  std::vector<SparseVector> run(Texts texts) {
    Context context;
    const ChromaCloudSpladeEmbeddingFunction function(context.executor(), options);
    return context.run(function.embed_strs(std::move(texts)));
  }
  EmbeddingFunctionError failure() {
    return embedding_error_of([&] { (void)run({"a"}); });
  }

  MockServer server{sparse};
  ChromaCloudSpladeOptions options;
};

TEST_F(SpladeTest, SendsWhatTheServiceExpects) {
  EXPECT_EQ(run({"a", "bcd"}), (std::vector<SparseVector>{SparseVector({7, 11}, {0.25F, 0.5F}),
                                                          SparseVector({7, 13}, {0.25F, 0.5F})}));
  const auto request = server.only();
  EXPECT_EQ(request.target, "/embed_sparse");
  EXPECT_EQ(request.header("x-chroma-token"), "ck-12345678");
  EXPECT_EQ(request.header("x-chroma-embedding-model"), "prithivida/Splade_PP_en_v1");
  EXPECT_EQ(Json::parse(request.body),
            Json({{"texts", {"a", "bcd"}}, {"task", ""}, {"target", ""}, {"fetch_tokens", "false"}}));
}

TEST_F(SpladeTest, TokensAreKeptWhenTheyAreAskedFor) {
  options.include_tokens = true;
  EXPECT_EQ(run({"a"}).at(0), SparseVector({7, 11}, {0.25F, 0.5F}, {"short", "long"}));
  EXPECT_EQ(Json::parse(server.only().body).at("fetch_tokens"), "true");
  server.respond(Reply(200, R"({"embeddings":[{"indices":[1],"values":[2],"tokens":["t"]}]})"));
  EXPECT_EQ(run({"a"}).at(0), SparseVector({1}, {2}, {"t"}));
  for (const char* body : {R"({"embeddings":[{"indices":[1],"values":[2],"labels":[]}]})",
                           R"({"embeddings":[{"indices":[1],"values":[2],"labels":null}]})",
                           R"({"embeddings":[{"indices":[1],"values":[2]}]})"}) {
    server.respond(Reply(200, body));
    EXPECT_EQ(run({"a"}).at(0), SparseVector({1}, {2})) << body;
  }
}

TEST_F(SpladeTest, TokensThatWereNotAskedForAreDropped) {
  server.respond(Reply(200, R"({"embeddings":[{"indices":[1],"values":[2],"labels":["t"]}]})"));
  EXPECT_EQ(run({"a"}).at(0), SparseVector({1}, {2}));
}

TEST_F(SpladeTest, LongListsAreSplit) {
  const auto vectors = run(texts_of_lengths(300));
  ASSERT_EQ(vectors.size(), 300U);
  for (std::size_t i = 0; i < vectors.size(); ++i) EXPECT_EQ(vectors[i].indices()[1], i + 11);
  EXPECT_EQ(server.received().size(), 3U);
}

TEST_F(SpladeTest, RefusesResponsesThatAreNotAsTheyMustBe) {
  const std::vector<std::pair<const char*, const char*>> bodies = {
      {R"({"error":"x"})", "x"},
      {R"({"embeddings":[{"indices":[1,2],"values":[1]}]})", "not valid"},
      {R"({"embeddings":[{"indices":[1,1],"values":[1,2]}]})", "not valid"},
      {R"({"embeddings":[{"indices":[1],"values":[null]}]})", "/embeddings/0/values/0"},
      {R"({"embeddings":[{"indices":[4294967296],"values":[1]}]})", "/embeddings/0/indices/0"},
      {R"({"embeddings":[{"values":[1]}]})", "\"indices\" is missing"},
      {R"({"embeddings":[]})", "returned 0 embeddings for 1 inputs"},
  };
  for (const auto& [body, expected] : bodies) {
    server.respond(Reply(200, body));
    const auto message = failure().message;
    EXPECT_NE(message.find(expected), std::string::npos) << body << ": " << message;
  }
}

TEST_F(SpladeTest, WritesAConfigurationThatPythonReads) {
  options.include_tokens = true;
  Context context;
  const auto configuration = ChromaCloudSpladeEmbeddingFunction(context.executor(), options).configuration();
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->name(), "chroma-cloud-splade");
  EXPECT_EQ(Json::parse(configuration->config()), Json({{"api_key_env_var", "CHROMA_API_KEY"},
                                                        {"include_tokens", true},
                                                        {"model", "prithivida/Splade_PP_en_v1"}}));
  const auto read = chroma_cloud::read_splade_configuration(*configuration);
  EXPECT_TRUE(read.include_tokens);
  EXPECT_EQ(read.model, options.model);
  EXPECT_THROW((void)chroma_cloud::read_splade_configuration(
                   EmbeddingFunctionConfiguration::known("chroma-cloud-splade", R"({"include_tokens":1})")),
               chroma::ChromaHttpClientError);
}

}  // namespace
