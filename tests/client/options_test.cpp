// Invalid options are refused when the client is made; the environment is read as by the Rust crate.
#include <chroma/chroma.hpp>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

namespace chroma::test {
namespace {

using Kind = ChromaHttpClientOptionsError::Kind;

template <class Change>
std::optional<Kind> refusal(Change change, std::string* text = nullptr) {
  boost::asio::io_context context;
  ChromaHttpClientOptions options;
  change(options);
  try {
    const ChromaHttpClient client(context.get_executor(), options);
  } catch (const ChromaHttpClientOptionsError& error) {
    if (text != nullptr) *text = error.what();
    return error.kind();
  }
  return std::nullopt;
}

TEST(Options, Defaults) {
  const ChromaHttpClientOptions options;
  EXPECT_EQ(options.endpoint, "http://localhost:8000");
  EXPECT_EQ(options.retry_options.max_retries, 3U);
  EXPECT_EQ(options.retry_options.min_delay, std::chrono::milliseconds(200));
  EXPECT_EQ(options.retry_options.max_delay, std::chrono::seconds(5));
  EXPECT_TRUE(options.retry_options.jitter);
  EXPECT_EQ(options.max_connections, 64U);
  EXPECT_FALSE(refusal([](auto&) {}).has_value());
  static_assert(!std::is_aggregate_v<ChromaHttpClientOptions> && !std::is_aggregate_v<ChromaRetryOptions> &&
                !std::is_aggregate_v<TlsOptions> && !std::is_aggregate_v<CallOptions> &&
                !std::is_aggregate_v<ChromaAuthMethod> && !std::is_aggregate_v<Logger>);
}

TEST(Options, Endpoints) {
  for (const char* endpoint : {"", "localhost:8501", "localhost", "ftp://h", "http://", "http://h:99999",
                               "http://h/?q=1", "http://h/#f", "http://a b/"}) {
    std::string text;
    EXPECT_EQ(refusal([&](auto& o) { o.endpoint = endpoint; }, &text), Kind::InvalidEndpoint) << endpoint;
    EXPECT_EQ(text.rfind("Invalid endpoint URL: ", 0), 0U) << text;
  }
  for (const char* endpoint :
       {"http://h", "https://h:8443/prefix/", "http://[::1]:8000", "HTTP://EXAMPLE.com:80"}) {
    EXPECT_FALSE(refusal([&](auto& o) { o.endpoint = endpoint; }).has_value()) << endpoint;
  }
}

TEST(Options, ThePathOfTheApiIsNotPartOfTheEndpoint) {
  for (const char* endpoint : {"http://h/api/v2", "http://h:8000/prefix/api/v2//"}) {
    std::string text;
    EXPECT_EQ(refusal([&](auto& o) { o.endpoint = endpoint; }, &text), Kind::InvalidEndpoint);
    EXPECT_NE(text.find("/api/v2"), std::string::npos) << text;
  }
  EXPECT_FALSE(refusal([](auto& o) { o.endpoint = "http://h/api/v2x"; }).has_value());
}

TEST(Options, Local) {
  const auto options = ChromaHttpClientOptions::local("http://h:1");
  EXPECT_EQ(options.endpoint, "http://h:1");
  EXPECT_EQ(options.tenant_id, "default_tenant");
  EXPECT_EQ(options.database_name, "default_database");
  EXPECT_EQ(ChromaHttpClientOptions::local().endpoint, "http://localhost:8000");
}

TEST(Options, SettingsSayWhetherTheServerIsChromaCloud) {
  const auto is_cloud = [](const std::string& endpoint, Headers headers = {}) {
    boost::asio::io_context context;
    ChromaHttpClientOptions options;
    options.endpoint = endpoint;
    options.default_headers = std::move(headers);
    return ChromaHttpClient(context.get_executor(), options).settings().cloud;
  };
  EXPECT_TRUE(is_cloud("https://api.trychroma.com:8000"));
  EXPECT_TRUE(is_cloud("https://trychroma.com"));
  EXPECT_TRUE(is_cloud("https://API.TryChroma.com/prefix"));
  EXPECT_FALSE(is_cloud("https://nottrychroma.com"));
  EXPECT_FALSE(is_cloud("https://trychroma.com.example"));
  EXPECT_FALSE(is_cloud("http://localhost:8000/trychroma.com"));
  EXPECT_TRUE(is_cloud("http://localhost:8000", {{"X-Chroma-Token", "ck-12345678"}}));
  EXPECT_FALSE(is_cloud("http://localhost:8000", {{"x-chroma-tokens", "ck-12345678"}}));
}

TEST(Options, HeadersAndNumbers) {
  EXPECT_EQ(refusal([](auto& o) { o.default_headers = {{"bad name", "v"}}; }), Kind::InvalidHeaderValue);
  EXPECT_EQ(refusal([](auto& o) {
              o.default_headers = {{"x", "a\r\nHost: evil"}};
            }),
            Kind::InvalidHeaderValue);
  EXPECT_EQ(refusal([](auto& o) {
              o.default_headers = {{"Content-Length", "3"}};
            }),
            Kind::InvalidHeaderValue);
  EXPECT_EQ(refusal([](auto& o) { o.proxy = "not a url"; }), Kind::InvalidEndpoint);
  EXPECT_EQ(refusal([](auto& o) { o.max_connections = 0; }), Kind::MissingConfiguration);
  EXPECT_EQ(refusal([](auto& o) { o.max_response_bytes = 0; }), Kind::MissingConfiguration);
  EXPECT_EQ(refusal([](auto& o) { o.request_timeout = std::chrono::milliseconds(-1); }),
            Kind::MissingConfiguration);
  EXPECT_EQ(refusal([](auto& o) {
              o.tls.ca_file = "/does/not/exist.pem";
              o.endpoint = "https://h";
            }),
            Kind::MissingConfiguration);
  EXPECT_FALSE(refusal([](auto& o) { o.request_timeout = std::chrono::milliseconds::max(); }).has_value());
}

TEST(Options, AuthIsTrimmedCheckedAndNeverPrinted) {
  const auto auth = ChromaAuthMethod::cloud_api_key("ck-secret\n");
  EXPECT_EQ(auth.name(), "x-chroma-token");
  EXPECT_EQ(auth.value(), "ck-secret");
  std::ostringstream out;
  out << auth << ChromaAuthMethod::none();
  EXPECT_EQ(out.str().find("ck-secret"), std::string::npos);
  EXPECT_NE(out.str().find("x-chroma-token"), std::string::npos);

  for (const char* key : {"", " \n", "a\nb", "k\xC3\xA9y"}) {
    try {
      static_cast<void>(ChromaAuthMethod::cloud_api_key(key));
      ADD_FAILURE() << "accepted";
    } catch (const ChromaHttpClientOptionsError& error) {
      EXPECT_EQ(error.kind(), Kind::InvalidHeaderValue);
      EXPECT_EQ(std::string(error.what()).rfind("Invalid header value: failed to parse header value", 0), 0U);
    }
  }
}

class OptionsFromEnvironment : public ::testing::Test {
 protected:
  void SetUp() override { clear(); }
  void TearDown() override { clear(); }
  static void clear() {
    for (const char* name : {"CHROMA_ENDPOINT", "CHROMA_TENANT", "CHROMA_DATABASE", "CHROMA_API_KEY"})
      unsetenv(name);
  }
  static void set(const char* name, const char* value) { setenv(name, value, 1); }
};

TEST_F(OptionsFromEnvironment, Local) {
  auto options = ChromaHttpClientOptions::from_env();
  EXPECT_EQ(options.endpoint, "http://localhost:8000");
  EXPECT_EQ(options.tenant_id, "default_tenant");
  EXPECT_EQ(options.database_name, "default_database");

  set("CHROMA_ENDPOINT", "http://h:1");
  set("CHROMA_TENANT", "");
  set("CHROMA_DATABASE", "\xff");
  options = ChromaHttpClientOptions::from_env();
  EXPECT_EQ(options.endpoint, "http://h:1");
  EXPECT_EQ(options.tenant_id, "");
  EXPECT_EQ(options.database_name, "default_database");

  set("CHROMA_ENDPOINT", "");
  EXPECT_THROW(static_cast<void>(ChromaHttpClientOptions::from_env()), ChromaHttpClientOptionsError);
}

TEST_F(OptionsFromEnvironment, Cloud) {
  try {
    static_cast<void>(ChromaHttpClientOptions::from_cloud_env());
    ADD_FAILURE() << "a key was not missed";
  } catch (const ChromaHttpClientOptionsError& error) {
    EXPECT_EQ(error.kind(), Kind::MissingConfiguration);
    EXPECT_STREQ(error.what(), "Missing required configuration: CHROMA_API_KEY");
  }
  set("CHROMA_API_KEY", "k");
  const auto options = ChromaHttpClientOptions::from_cloud_env();
  EXPECT_EQ(options.endpoint, "https://api.trychroma.com");
  EXPECT_EQ(options.auth_method, ChromaAuthMethod::cloud_api_key("k"));
  EXPECT_FALSE(options.tenant_id.has_value());
  EXPECT_FALSE(options.database_name.has_value());

  EXPECT_EQ(ChromaHttpClientOptions::cloud("k", "db").database_name, "db");
  EXPECT_FALSE(ChromaHttpClientOptions::cloud_admin("k").database_name.has_value());
}

}  // namespace
}  // namespace chroma::test
