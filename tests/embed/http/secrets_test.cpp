#include "embed/http/secrets.hpp"

#include "core/base64.hpp"
#include "embed/http/fixture.hpp"

#include <chroma/embed/chroma_cloud.hpp>
#include <chroma/embed/hugging_face_server.hpp>
#include <chroma/embed/ollama.hpp>
#include <chroma/embed/openai.hpp>

namespace {

using namespace chroma::test;
namespace embed = chroma::embed;
using chroma::embed::Secrets;

TEST(Secrets, AreReplacedWhereverTheyAre) {
  const Secrets secrets{"sk-12345678", "token-87654321"};
  EXPECT_EQ(secrets.removed_from("sk-12345678 or token-87654321, sk-1234567"),
            "[secret] or [secret], sk-1234567");
}

TEST(Secrets, AreReplacedWithTheSecretsInThem) {
  const Secrets secrets{"12345678", "sk-12345678-90", "sk-12345678"};
  EXPECT_EQ(secrets.removed_from("sk-12345678-90 sk-12345678 12345678"), "[secret] [secret] [secret]");
}

TEST(Secrets, OfLessThan8BytesMayBeCommonWords) {
  EXPECT_EQ(Secrets({"ollama"}).removed_from("ollama"), "ollama");
}

TEST(Secrets, AreReplacedWhereTheyAreEscaped) {
  const Secrets secrets{"ab/c d+e%41\\f\xC3\xA4\xF0\x9F\x98\x80"};
  for (const char* escaped : {
           "ab/c d+e%41\\f\xC3\xA4\xF0\x9F\x98\x80",
           R"(ab\/c d+e%41\\f)"
           "\xC3\xA4\xF0\x9F\x98\x80",
           R"(ab\u002Fc\u0020d\u002be%41\u005cf\u00e4\uD83D\uDE00)",
           "ab%2Fc%20d%2be%2541%5Cf%C3%a4%F0%9F%98%80",
       }) {
    EXPECT_EQ(secrets.removed_from("<" + std::string(escaped) + ">"), "<[secret]>") << escaped;
  }
  for (const char* other : {R"(\u002)", R"(\uD83D)", R"(\uD83D\u0041)", "%", "%2", "%zz", "\\"}) {
    EXPECT_EQ(secrets.removed_from(other), other);
  }
}

TEST(Secrets, OfBasicAuthenticationAreThoseThatItEncodes) {
  Secrets secrets;
  EXPECT_TRUE(
      secrets.add_headers({{"Authorization", "basic " + chroma::core::base64_encode("user:password")}}));
  EXPECT_EQ(secrets.removed_from("Basic dXNlcjpwYXNzd29yZA==, dXNlcjpwYXNzd29yZA, user:password, password"),
            "Basic [secret], [secret], [secret], [secret]");
}

TEST(Secrets, AUserWithoutPasswordIsASecret) {
  Secrets secrets;
  secrets.add_user("sk-12345678", "");
  EXPECT_EQ(secrets.removed_from("no user sk-12345678"), "no user [secret]");
}

TEST(Secrets, HeadersWithoutSecretsAreNotReplaced) {
  Secrets secrets;
  EXPECT_FALSE(secrets.add_headers({{"x-trace", "trace-12345678"}}));
  EXPECT_EQ(secrets.removed_from("trace-12345678"), "trace-12345678");
}

/// A server that refuses credentials and repeats them as they were sent, decoded, and as the URL has them.
class RepeatedCredentials : public testing::Test {
 protected:
  RepeatedCredentials() {
    server.respond([](const Received& received) {
      const auto sent = received.header("authorization") + received.header("proxy-authorization");
      const auto decoded = chroma::core::base64_decode(sent.substr(sent.rfind(' ') + 1)).value_or("?");
      return Reply(
          401, Json{{"error", "not valid: " + sent + ", " + decoded + ", user:secret%40password"}}.dump());
    });
  }

  [[nodiscard]] std::string url_with_password() const {
    return "http://user:secret%40password@" + server.url().substr(std::string("http://").size());
  }
  template <class Function, class Options>
  void expect_no_password(Options options) {
    Context context;
    options.retry_options.max_retries = 0;
    const Function function(context.executor(), std::move(options));
    const auto error = embedding_error_of([&] { (void)context.run(function.embed_strs({"a"})); });
    EXPECT_EQ(error.message, "not valid: Basic [secret], [secret], [secret]");
    EXPECT_EQ(error.body, R"({"error":"not valid: Basic [secret], [secret], [secret]"})");
  }

  MockServer server;
};

TEST_F(RepeatedCredentials, OfOpenAi) {
  embed::OpenAiOptions options;
  options.api_base = url_with_password();
  options.api_key_env_var.clear();
  expect_no_password<embed::OpenAiEmbeddingFunction>(options);
}

TEST_F(RepeatedCredentials, OfAzure) {
  embed::OpenAiOptions options;
  options.api_base = url_with_password();
  options.deployment_id = "d";
  options.api_version = "1";
  options.api_key = "azure-12345678";
  expect_no_password<embed::OpenAiEmbeddingFunction>(options);
}

TEST_F(RepeatedCredentials, OfOllama) {
  embed::OllamaOptions options;
  options.host = url_with_password();
  options.model = "m";
  expect_no_password<embed::OllamaEmbeddingFunction>(options);
}

TEST_F(RepeatedCredentials, OfHuggingFaceServers) {
  embed::HuggingFaceServerOptions options;
  options.url = url_with_password();
  expect_no_password<embed::HuggingFaceServerEmbeddingFunction>(options);
  expect_no_password<embed::HuggingFaceServerSparseEmbeddingFunction>(options);
}

TEST_F(RepeatedCredentials, OfChromaCloud) {
  embed::ChromaCloudQwenOptions qwen;
  qwen.embed_url = url_with_password();
  qwen.api_key = "ck-12345678";
  expect_no_password<embed::ChromaCloudQwenEmbeddingFunction>(qwen);
  embed::ChromaCloudSpladeOptions splade;
  splade.embed_url = url_with_password();
  splade.api_key = "ck-12345678";
  expect_no_password<embed::ChromaCloudSpladeEmbeddingFunction>(splade);
}

TEST_F(RepeatedCredentials, OfAProxy) {
  embed::OllamaOptions options;
  options.host = "http://provider.test";
  options.proxy = url_with_password();
  options.model = "m";
  options.default_headers = {{"x-api-key", "key-12345678"}};
  expect_no_password<embed::OllamaEmbeddingFunction>(options);
}

TEST_F(RepeatedCredentials, AreNotThoseOfTheServiceIfTheyAreOfItsProxy) {
  server.respond(Reply(401, R"({"error":"who are you?"})"));
  Context context;
  embed::OllamaOptions options;
  options.host = "http://provider.test";
  options.proxy = url_with_password();
  options.model = "m";
  const embed::OllamaEmbeddingFunction function(context.executor(), options);
  const auto error = embedding_error_of([&] { (void)context.run(function.embed_strs({"a"})); });
  EXPECT_EQ(error.message, "who are you?; no API key was sent");
}

}  // namespace
