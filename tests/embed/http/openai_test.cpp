#include "core/base64.hpp"
#include "embed/http/fixture.hpp"
#include "embed/openai/configuration.hpp"

#include <chroma/embed/openai.hpp>

#include <cstring>
#include <set>

namespace {

using namespace chroma::test;
namespace openai = chroma::embed::openai;
using chroma::embed::OpenAiEmbeddingFunction;
using chroma::embed::OpenAiOptions;

/// As numbers or in base64, as the request asks.
Json vector_of(const Json& request, const std::string& text) {
  const auto row = row_of(text);
  if (request.at("encoding_format") != "base64") return row;
  std::string bytes(row.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), row.data(), bytes.size());
  return chroma::core::base64_encode(bytes);
}

/// A response as OpenAI's, its items in reverse order.
Reply embeddings(const Received& received) {
  const auto request = Json::parse(received.body);
  Json data = Json::array();
  const auto& input = request.at("input");
  for (std::size_t i = input.size(); i-- > 0;) {
    data.push_back({{"object", "embedding"}, {"index", i}, {"embedding", vector_of(request, input[i])}});
  }
  const Json usage = {{"prompt_tokens", 1}, {"total_tokens", 1}};
  return {200, Json{{"object", "list"}, {"data", data}, {"model", "m"}, {"usage", usage}}.dump()};
}

class OpenAiTest : public testing::Test {
 protected:
  OpenAiTest() {
    options.api_base = server.url() + "/v1";
    options.model = "m";
    options.api_key = "sk-12345678";
    retry_at_once(options);
  }

  Embeddings run(Texts texts) {
    Context context;
    const OpenAiEmbeddingFunction function(context.executor(), options);
    return context.run(function.embed_strs(std::move(texts)));
  }
  EmbeddingFunctionError failure(Texts texts = {"a"}) {
    return embedding_error_of([&] { (void)run(std::move(texts)); });
  }

  MockServer server{embeddings};
  OpenAiOptions options;
};

TEST_F(OpenAiTest, SendsWhatOpenAiExpects) {
  options.dimensions = 2;
  options.organization = "org";
  options.project = "proj";
  options.user = "u";
  EXPECT_EQ(run({"a", "bcd"}), rows_of({"a", "bcd"}));
  const auto request = server.only();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/v1/embeddings");
  EXPECT_EQ(request.header("authorization"), "Bearer sk-12345678");
  EXPECT_EQ(request.header("content-type"), "application/json");
  EXPECT_EQ(request.header("openai-organization"), "org");
  EXPECT_EQ(request.header("openai-project"), "proj");
  EXPECT_EQ(Json::parse(request.body), Json({{"model", "m"},
                                             {"input", {"a", "bcd"}},
                                             {"encoding_format", "base64"},
                                             {"dimensions", 2},
                                             {"user", "u"}}));
}

TEST_F(OpenAiTest, ALocalServerNeedsNeitherKeyNorModelNorPath) {
  options.api_base = server.url();
  options.model.clear();
  options.api_key.clear();
  options.api_key_env_var.clear();
  (void)run({"a"});
  const auto request = server.only();
  EXPECT_EQ(request.target, "/v1/embeddings");
  EXPECT_EQ(request.header("authorization"), "");
  EXPECT_EQ(Json::parse(request.body), Json({{"input", {"a"}}, {"encoding_format", "base64"}}));
}

TEST_F(OpenAiTest, AzureHasItsOwnPathAndHeader) {
  options.api_base = server.url();
  options.deployment_id = "my deployment";
  options.api_version = "2024-10-21";
  (void)run({"a"});
  const auto request = server.only();
  EXPECT_EQ(request.target, "/openai/deployments/my%20deployment/embeddings?api-version=2024-10-21");
  EXPECT_EQ(request.header("api-key"), "sk-12345678");
  EXPECT_EQ(request.header("authorization"), "");
}

TEST_F(OpenAiTest, TheKeyMayComeFromAVariable) {
  options.api_key.clear();
  options.api_key_env_var = "CHROMA_CPP_TEST_API_KEY";
  const Variable key("CHROMA_CPP_TEST_API_KEY", " sk-variable\n");
  (void)run({"a"});
  EXPECT_EQ(server.only().header("authorization"), "Bearer sk-variable");
}

TEST_F(OpenAiTest, UnderstandsNumbersAlthoughItAskedForBase64) {
  server.respond(Reply(200, R"({"data":[{"embedding":[1,2.5]},{"embedding":[-3e1,0]}]})"));
  EXPECT_EQ(run({"a", "b"}), Embeddings({{1, 2.5F}, {-30, 0}}));
}

TEST_F(OpenAiTest, AServerThatRefusesBase64IsAskedForNumbersFromThenOn) {
  server.respond([](const Received& received) -> Reply {
    if (Json::parse(received.body).at("encoding_format") == "float") return embeddings(received);
    return {422, R"({"detail":[{"loc":["body","encoding_format"],"msg":"Input should be 'float'"}]})"};
  });
  Context context;
  const OpenAiEmbeddingFunction function(context.executor(), options);
  EXPECT_EQ(context.run(function.embed_strs({"a"})), rows_of({"a"}));
  EXPECT_EQ(context.run(function.embed_query_strs({"ab"})), rows_of({"ab"}));
  EXPECT_EQ(server.received().size(), 3U);
}

TEST_F(OpenAiTest, LongListsAreSplitAndPutTogether) {
  options.max_texts = 3;
  const auto texts = texts_of_lengths(20);
  EXPECT_EQ(run(texts), rows_of(texts));
  EXPECT_EQ(server.received().size(), 7U);
}

TEST_F(OpenAiTest, RequestsHoldAtMostTheBytesThatOpenAiAccepts) {
  EXPECT_EQ(run(Texts(3, std::string(250'000, 'x'))).size(), 3U);
  std::multiset<std::size_t> sizes;
  for (const auto& request : server.received()) sizes.insert(Json::parse(request.body).at("input").size());
  EXPECT_EQ(sizes, (std::multiset<std::size_t>{1, 2}));
}

TEST_F(OpenAiTest, RequestsHoldAtMostTheTextsThatOpenAiAccepts) {
  const auto texts = Texts(2049, "x");
  EXPECT_EQ(run(texts), rows_of(texts));
  EXPECT_EQ(server.received().size(), 2U);
}

TEST_F(OpenAiTest, WithoutTextsNothingIsSent) {
  EXPECT_TRUE(run({}).empty());
  EXPECT_TRUE(server.received().empty());
}

TEST_F(OpenAiTest, ALimitThatTheServerDidNotAnnounceIsFoundAndRemembered) {
  server.respond([](const Received& received) -> Reply {
    if (Json::parse(received.body).at("input").size() <= 2) return embeddings(received);
    return {400,
            R"({"error":{"message":"batch size is invalid, it should not be larger than 2","code":null}})"};
  });
  Context context;
  const OpenAiEmbeddingFunction function(context.executor(), options);
  const auto texts = texts_of_lengths(5);
  EXPECT_EQ(context.run(function.embed_strs(texts)), rows_of(texts));
  server.forget();
  EXPECT_EQ(context.run(function.embed_strs(texts)), rows_of(texts));
  EXPECT_EQ(server.received().size(), 3U);
}

TEST_F(OpenAiTest, KeepsWhatTheProviderSaysOfARefusal) {
  server.respond([](const Received&) {
    Reply reply(
        401,
        R"({"error":{"message":"Incorrect API key provided: sk-12345678.","type":"invalid_request_error",)"
        R"("param":null,"code":"invalid_api_key"}})");
    reply.headers.emplace_back("x-request-id", "req_7");
    return reply;
  });
  const auto error = error_of([&] { (void)run({"a", "b"}); });
  const auto* refusal = error.get_if<EmbeddingFunctionError>();
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->message, "Incorrect API key provided: [secret].");
  EXPECT_EQ(refusal->code, "invalid_api_key");
  EXPECT_EQ(refusal->request_id, "req_7");
  EXPECT_EQ(refusal->first_text, 0U);
  EXPECT_EQ(refusal->text_count, 2U);
  EXPECT_EQ(error.status(), 401);
  EXPECT_EQ(error.attempts(), 1U);
  EXPECT_FALSE(error.is_retryable());
  EXPECT_EQ(error.operation(), "openai_embed");
  EXPECT_EQ(std::string(error.what()).find("sk-12345678"), std::string::npos);
  EXPECT_EQ(refusal->body.find("sk-12345678"), std::string::npos);
}

TEST_F(OpenAiTest, TheKeyIsNotLogged) {
  std::string lines;
  options.logger = chroma::Logger([&](chroma::LogLevel, std::string_view line) { lines += line; });
  options.retry_options.max_retries = 1;
  server.respond(Reply(503, R"({"error":{"message":"no use of sk-12345678"}})"));
  (void)failure();
  EXPECT_FALSE(lines.empty());
  EXPECT_EQ(lines.find("sk-12345678"), std::string::npos) << lines;
}

TEST_F(OpenAiTest, AnExhaustedQuotaIsNotRetried) {
  server.respond(Reply(429,
                       R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota",)"
                       R"("param":null,"code":"insufficient_quota"}})"));
  EXPECT_EQ(failure().code, "insufficient_quota");
  EXPECT_EQ(server.received().size(), 1U);
}

TEST_F(OpenAiTest, TemporaryFailuresAreRetried) {
  for (const int status : {408, 409, 429, 500, 502, 503, 504}) {
    server.forget();
    int count = 0;
    server.respond([&](const Received& received) -> Reply {
      if (++count == 3) return embeddings(received);
      Reply reply(status, R"({"error":{"message":"later","type":"server_error","code":null}})");
      reply.headers.emplace_back("retry-after-ms", "0.5");
      reply.headers.emplace_back("retry-after", "3600");
      return reply;
    });
    EXPECT_EQ(run({"a"}).size(), 1U) << status;
    EXPECT_EQ(server.received().size(), 3U) << status;
  }
}

TEST_F(OpenAiTest, ARetryAfterBeyondTheDeadlineIsNotWaitedFor) {
  server.respond([](const Received&) {
    Reply reply(429, R"({"error":{"code":"429","message":"Please retry after 86400 seconds."}})");
    reply.headers.emplace_back("retry-after", "86400");
    return reply;
  });
  const auto error = failure();
  EXPECT_EQ(error.code, "429");
  EXPECT_TRUE(error.retryable);
  EXPECT_EQ(server.received().size(), 1U);
}

TEST_F(OpenAiTest, AnErrorHasTheNumberOfAttempts) {
  server.respond(
      Reply(503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})"));
  options.retry_options.max_retries = 2;
  const auto error = error_of([&] { (void)run({"a"}); });
  EXPECT_EQ(error.attempts(), 3U);
  EXPECT_TRUE(error.is_retryable());
}

TEST_F(OpenAiTest, ATextThatIsTooLongIsNamed) {
  server.respond([](const Received& received) -> Reply {
    for (const auto& text : texts_in(received, "input")) {
      if (text.size() < 13) continue;
      return {500,
              R"x({"error":{"code":500,"message":"input (596 tokens) is too large to process. increase the )x"
              R"x(physical batch size (current batch size: 512)","type":"server_error"}})x"};
    }
    return embeddings(received);
  });
  const auto error = failure(texts_of_lengths(13));
  EXPECT_EQ(error.status, 500);
  EXPECT_EQ(error.first_text, 12U);
  EXPECT_EQ(error.text_count, 1U);
  EXPECT_FALSE(error.retryable);
  EXPECT_NE(error.message.find("-ub"), std::string::npos);
  EXPECT_LT(server.received().size(), 13U);
}

TEST_F(OpenAiTest, RefusesResponsesThatAreNotAsTheyMustBe) {
  const std::vector<std::pair<const char*, const char*>> bodies = {
      {R"x({"error":"Unexpected endpoint or method. (POST /v1/embeddings)"})x", "Unexpected endpoint"},
      {R"({"object":"list"})", "\"data\" is missing"},
      {R"({"data":[{"index":0}]})", "\"embedding\" is missing"},
      {R"({"data":[]})", "returned 0 embeddings for 1 inputs"},
      {R"({"data":[{"index":1,"embedding":[1]}]})", "the index 1"},
      {R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})", "the index 0"},
      {R"({"data":[{"index":0,"embedding":[1]},{"embedding":[1]}]})", "some have none"},
      {R"({"data":[{"index":0,"embedding":[1,null]}]})", "NaN"},
      {R"({"data":[{"index":0,"embedding":[1,NaN]}]})", "not of the expected form"},
      {R"({"data":[{"index":0,"embedding":[]}]})", "no values"},
      {R"({"data":[{"index":0,"embedding":"AAAA"}]})", "base64 of 32-bit floats"},
      {R"({"data":[{"index":0,"embedding":"?"}]})", "base64 of 32-bit floats"},
      {R"({"data":[{"index":0,"embedding":"AADAfw=="}]})", "NaN"},
      {"<html>Login</html>", "not JSON"},
      {"", "not JSON"},
  };
  for (const auto& [body, expected] : bodies) {
    server.respond(Reply(200, body));
    const auto message = failure().message;
    EXPECT_NE(message.find(expected), std::string::npos) << body << ": " << message;
  }
}

TEST_F(OpenAiTest, RefusesBadTextsBeforeAnythingIsSent) {
  const auto field = [&](Texts texts) {
    const auto error = error_of([&] { (void)run(std::move(texts)); });
    const auto* invalid = error.get_if<chroma::ValidationError>();
    return invalid != nullptr ? invalid->message : std::string(error.what());
  };
  EXPECT_NE(field({"a", "\xff"}).find("text 1"), std::string::npos);
  options.deployment_id = "d";
  options.api_version = "v";
  options.api_base = server.url();
  EXPECT_NE(field({"a", ""}).find("text 1 is empty"), std::string::npos);
  EXPECT_TRUE(server.received().empty());
}

TEST_F(OpenAiTest, TheConnectionsErrorIsARequestError) {
  options.api_base = "http://127.0.0.1:1/v1";
  options.retry_options.max_retries = 0;
  const auto error = error_of([&] { (void)run({"a"}); });
  ASSERT_TRUE(error.is<chroma::RequestError>());
  EXPECT_EQ(error.get_if<chroma::RequestError>()->stage, chroma::Stage::connect);
  EXPECT_EQ(error.operation(), "openai_embed");
}

TEST_F(OpenAiTest, RefusesOptionsThatCannotWork) {
  const auto refuses = [](const OpenAiOptions& given) {
    Context context;
    try {
      const OpenAiEmbeddingFunction function(context.executor(), given);
    } catch (const chroma::ChromaHttpClientOptionsError&) {
      return true;
    }
    return false;
  };
  EXPECT_FALSE(refuses(options));
  auto bad = options;
  bad.api_base = "localhost";
  EXPECT_TRUE(refuses(bad));
  bad = options;
  bad.dimensions = 0;
  EXPECT_TRUE(refuses(bad));
  bad = options;
  bad.max_parallel = 0;
  EXPECT_TRUE(refuses(bad));
  bad = options;
  bad.deployment_id = "d";
  EXPECT_TRUE(refuses(bad));
  bad.api_base = "http://localhost";
  bad.api_version = "2024-10-21";
  bad.api_key = "k";
  EXPECT_FALSE(refuses(bad));
  for (const char* dots : {".", ".."}) {
    bad.deployment_id = dots;
    EXPECT_TRUE(refuses(bad)) << dots;
  }
  bad = OpenAiOptions();
  bad.model = "m";
  bad.api_key_env_var = "CHROMA_CPP_TEST_UNSET_API_KEY";
  EXPECT_TRUE(refuses(bad));
  bad.api_key = "k";
  EXPECT_FALSE(refuses(bad));
  bad.model.clear();
  EXPECT_TRUE(refuses(bad));
}

TEST_F(OpenAiTest, ItsConfigurationReadsBack) {
  options.api_base = "http://localhost:8080";
  options.dimensions = 64;
  Context context;
  const auto configuration = OpenAiEmbeddingFunction(context.executor(), options).configuration();
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->name(), "openai");
  EXPECT_EQ(Json::parse(configuration->config()), Json({{"api_base", "http://localhost:8080/v1"},
                                                        {"api_key_env_var", "OPENAI_API_KEY"},
                                                        {"dimensions", 64},
                                                        {"model_name", "m"}}));
  const auto read = openai::read_configuration(*configuration);
  EXPECT_EQ(read.api_base, "http://localhost:8080/v1");
  EXPECT_EQ(read.model, "m");
  EXPECT_EQ(read.dimensions, 64U);
}

TEST_F(OpenAiTest, ItsConfigurationHasNoPassword) {
  options.api_base = "http://user:p@ss@localhost:8080/v1";
  Context context;
  const auto configuration = OpenAiEmbeddingFunction(context.executor(), options).configuration();
  EXPECT_EQ(Json::parse(configuration->config()).at("api_base"), "http://localhost:8080/v1");
}

TEST_F(OpenAiTest, WritesAzureAsPythonReadsIt) {
  options.api_base = "https://x";
  options.deployment_id = "d";
  options.api_version = "v";
  options.organization = "o";
  options.api_key_env_var.clear();
  Context context;
  const auto configuration = OpenAiEmbeddingFunction(context.executor(), options).configuration();
  ASSERT_TRUE(configuration);
  EXPECT_EQ(Json::parse(configuration->config()), Json({{"api_base", "https://x"},
                                                        {"api_key_env_var", "OPENAI_API_KEY"},
                                                        {"api_type", "azure"},
                                                        {"api_version", "v"},
                                                        {"deployment_id", "d"},
                                                        {"model_name", "m"},
                                                        {"organization_id", "o"}}));
}

}  // namespace
