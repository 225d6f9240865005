#include "embed/http/fixture.hpp"
#include "embed/ollama/configuration.hpp"
#include "embed/ollama/wire.hpp"

#include <chroma/embed/ollama.hpp>

namespace {

using namespace chroma::test;
namespace ollama = chroma::embed::ollama;
using chroma::embed::OllamaEmbeddingFunction;
using chroma::embed::OllamaOptions;

Reply ollama_reply(const Received& received) {
  Json rows = Json::array();
  for (const auto& text : texts_in(received, "input")) rows.push_back(row_of(text));
  return {200, Json{{"model", "m"}, {"embeddings", rows}, {"total_duration", 14143917}}.dump()};
}

class OllamaTest : public testing::Test {
 protected:
  OllamaTest() {
    options.host = server.url();
    options.model = "nomic-embed-text";
    retry_at_once(options);
  }

  Embeddings run(Texts texts) {
    Context context;
    const OllamaEmbeddingFunction function(context.executor(), options);
    return context.run(function.embed_strs(std::move(texts)));
  }
  EmbeddingFunctionError failure(Texts texts = {"a"}) {
    return embedding_error_of([&] { (void)run(std::move(texts)); });
  }

  MockServer server{ollama_reply};
  OllamaOptions options;
};

TEST_F(OllamaTest, SendsWhatOllamaExpects) {
  EXPECT_EQ(run({"a", "bcd"}), rows_of({"a", "bcd"}));
  const auto request = server.only();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/embed");
  EXPECT_EQ(request.header("authorization"), "");
  EXPECT_EQ(Json::parse(request.body), Json({{"model", "nomic-embed-text"}, {"input", {"a", "bcd"}}}));
}

TEST_F(OllamaTest, SendsTheOptionsThatAreSet) {
  options.truncate = false;
  options.dimensions = 64;
  options.keep_alive = "10m";
  (void)run({"a"});
  EXPECT_EQ(Json::parse(server.only().body), Json({{"model", "nomic-embed-text"},
                                                   {"input", {"a"}},
                                                   {"truncate", false},
                                                   {"dimensions", 64},
                                                   {"keep_alive", "10m"}}));
  server.forget();
  options.keep_alive = "-1";
  (void)run({"a"});
  EXPECT_EQ(Json::parse(server.only().body).at("keep_alive"), Json(-1));
}

TEST_F(OllamaTest, ReadsTheHostAsOllamasClients) {
  const std::vector<std::pair<const char*, const char*>> hosts = {
      {"localhost", "http://localhost:11434"},
      {"h:8080", "http://h:8080"},
      {"h/prefix/", "http://h:11434/prefix"},
      {"http://h", "http://h"},
      {"https://h/", "https://h"},
      {" http://h:1 ", "http://h:1"},
      {"[::1]", "http://[::1]:11434"},
      {"[::1]:8", "http://[::1]:8"},
      {"user:password@h", "http://user:password@h:11434"},
      {"user:password@h:8", "http://user:password@h:8"},
  };
  for (const auto& [host, url] : hosts) EXPECT_EQ(ollama::server_url(host), url);
}

TEST_F(OllamaTest, KeepsThePathOfTheHost) {
  options.host = server.url() + "/prefix/";
  (void)run({"a"});
  EXPECT_EQ(server.only().target, "/prefix/api/embed");
}

TEST_F(OllamaTest, LongListsAreSplit) {
  const auto texts = texts_of_lengths(70);
  EXPECT_EQ(run(texts), rows_of(texts));
  EXPECT_EQ(server.received().size(), 3U);
}

TEST_F(OllamaTest, AMissingModelIsNamedWithTheCommandThatLoadsIt) {
  server.respond(Reply(404, R"({"error":"model \"nomic-embed-text\" not found, try pulling it first"})"));
  EXPECT_EQ(failure().message,
            "model \"nomic-embed-text\" not found, try pulling it first; run: ollama pull nomic-embed-text");
  EXPECT_EQ(server.received().size(), 1U);
}

TEST_F(OllamaTest, AModelThatCannotEmbedIsNamed) {
  server.respond(Reply(501, R"({"error":"This server does not support embeddings. Start it with x"})"));
  EXPECT_NE(failure().message.find("the model nomic-embed-text only generates text"), std::string::npos);
  EXPECT_EQ(server.received().size(), 1U);
}

TEST_F(OllamaTest, ARunnerThatEndedIsReplacedByAnotherAttempt) {
  int count = 0;
  server.respond([&](const Received& received) -> Reply {
    if (++count == 2) return ollama_reply(received);
    return {400, R"({"error":"do embedding request: Post \"http://127.0.0.1:1/embedding\": EOF"})"};
  });
  EXPECT_EQ(run({"a"}).size(), 1U);
  EXPECT_EQ(server.received().size(), 2U);
}

TEST_F(OllamaTest, ABusyServerIsAskedAgain) {
  int count = 0;
  server.respond([&](const Received& received) -> Reply {
    if (++count == 2) return ollama_reply(received);
    return {503, R"({"error":"server busy, please try again.  maximum pending requests exceeded"})"};
  });
  EXPECT_EQ(run({"a"}).size(), 1U);
}

TEST_F(OllamaTest, ATextThatIsTooLongIsNamed) {
  options.truncate = false;
  server.respond([](const Received& received) -> Reply {
    for (const auto& text : texts_in(received, "input")) {
      if (text.size() == 6) return {400, R"({"error":"the input length exceeds the context length"})"};
    }
    return ollama_reply(received);
  });
  const auto error = failure(texts_of_lengths(9));
  EXPECT_EQ(error.first_text, 5U);
  EXPECT_EQ(error.text_count, 1U);
}

TEST_F(OllamaTest, RefusesResponsesThatAreNotAsTheyMustBe) {
  const std::vector<std::pair<const char*, const char*>> bodies = {
      {R"({"model":"m"})", "\"embeddings\" is missing"},
      {R"({"embeddings":[]})", "returned 0 embeddings for 1 inputs"},
      {R"({"embeddings":[[1],[2]]})", "returned 2 embeddings for 1 inputs"},
      {R"({"embeddings":[[]]})", "no values"},
      {R"({"embeddings":[[null]]})", "NaN"},
      {R"({"embeddings":[["1"]]})", "/embeddings/0/0"},
      {R"({"embeddings":null})", "/embeddings"},
      {R"({"error":"x"})", "x"},
      {"Ollama is running", "not JSON"},
  };
  for (const auto& [body, expected] : bodies) {
    server.respond(Reply(200, body));
    const auto message = failure().message;
    EXPECT_NE(message.find(expected), std::string::npos) << body << ": " << message;
  }
}

TEST_F(OllamaTest, RefusesOptionsThatCannotWork) {
  Context context;
  options.model.clear();
  EXPECT_THROW(OllamaEmbeddingFunction(context.executor(), options), chroma::ChromaHttpClientOptionsError);
}

TEST_F(OllamaTest, WritesAConfigurationThatPythonReads) {
  Context context;
  options.host = "h";
  options.request_timeout = std::chrono::milliseconds(1500);
  const auto configuration = OllamaEmbeddingFunction(context.executor(), options).configuration();
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->name(), "ollama");
  EXPECT_EQ(Json::parse(configuration->config()),
            Json({{"url", "http://h:11434"}, {"model_name", "nomic-embed-text"}, {"timeout", 2}}));
  const auto read = ollama::read_configuration(*configuration);
  EXPECT_EQ(read.host, "http://h:11434");
  EXPECT_EQ(read.model, "nomic-embed-text");
  EXPECT_EQ(read.request_timeout, std::chrono::seconds(2));
}

TEST_F(OllamaTest, ItsConfigurationHasNoPassword) {
  Context context;
  options.host = "http://user:password@h:8080/prefix";
  const auto configuration = OllamaEmbeddingFunction(context.executor(), options).configuration();
  EXPECT_EQ(Json::parse(configuration->config()).at("url"), "http://h:8080/prefix");
}

TEST_F(OllamaTest, ReadsWhatOtherClientsWrite) {
  const auto read = [](const char* config) {
    return ollama::read_configuration(EmbeddingFunctionConfiguration::known("ollama", config));
  };
  const auto javascript = read(R"({"url":"http://h:1","model":"x","model_name":"m"})");
  EXPECT_EQ(javascript.host, "http://h:1");
  EXPECT_EQ(javascript.model, "m");
  EXPECT_EQ(javascript.request_timeout, OllamaOptions().request_timeout);
  const auto old = read(R"({"url":"http://h:1/api/embeddings","model_name":"m","timeout":0.5})");
  EXPECT_EQ(old.host, "http://h:1");
  EXPECT_EQ(old.request_timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(read("{}").model, "chroma/all-minilm-l6-v2-f32");
  EXPECT_THROW((void)read(R"({"url":5})"), chroma::ChromaHttpClientError);
}

TEST_F(OllamaTest, ErrorsDoNotRepeatATokenOfTheDefaultHeaders) {
  options.default_headers = {{"Authorization", "Bearer token-87654321"}};
  server.respond([](const Received& received) {
    return Reply(401, Json{{"error", "not valid: " + received.header("authorization")}}.dump());
  });
  const auto error = failure();
  EXPECT_EQ(error.message, "not valid: Bearer [secret]");
  EXPECT_EQ(error.body, R"({"error":"not valid: Bearer [secret]"})");
}

TEST_F(OllamaTest, ErrorsDoNotRepeatCookies) {
  options.default_headers = {{"Cookie", "session=cookie-12345678; theme=dark"}};
  server.respond(Reply(401, R"({"error":"session cookie-12345678 has ended"})"));
  EXPECT_EQ(failure().message, "session [secret] has ended");
}

}  // namespace
