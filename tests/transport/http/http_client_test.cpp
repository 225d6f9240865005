// The factory of HTTP clients: what it checks, and which headers belong to the endpoint.

#include "transport/http_client.hpp"

#include "support/raw_server.hpp"
#include "transport/request_headers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace chroma::transport {
namespace {

using namespace std::chrono_literals;
using Kind = ChromaHttpClientOptionsError::Kind;
using test::RawServer;
using test::RawSession;

template <class Change>
std::pair<Kind, std::string> refusal(Change change) {
  asio::io_context context;
  HttpClientOptions options;
  options.endpoint = "http://h";
  options.proxy = "";
  change(options);
  try {
    static_cast<void>(make_http_client(context.get_executor(), options));
  } catch (const ChromaHttpClientOptionsError& error) {
    return {error.kind(), error.what()};
  }
  ADD_FAILURE() << "accepted";
  return {};
}

TEST(HttpClientOptions, AMistakeIsToldWithoutAWrongPrefix) {
  using Refusal = std::pair<Kind, std::string>;
  EXPECT_EQ(refusal([](auto& o) { o.max_connections = 0; }),
            Refusal(Kind::MissingConfiguration, "Invalid option: max_connections must be at least 1"));
  EXPECT_EQ(refusal([](auto& o) { o.max_response_bytes = 0; }),
            Refusal(Kind::MissingConfiguration, "Invalid option: max_response_bytes must be at least 1"));
  EXPECT_EQ(refusal([](auto& o) { o.request_timeout = -1ms; }),
            Refusal(Kind::MissingConfiguration, "Invalid option: request_timeout must not be negative"));
  EXPECT_EQ(refusal([](auto& o) { o.connect_timeout = -1ms; }),
            Refusal(Kind::MissingConfiguration, "Invalid option: connect_timeout must not be negative"));
  EXPECT_EQ(refusal([](auto& o) { o.idle_timeout = -1ms; }),
            Refusal(Kind::MissingConfiguration, "Invalid option: idle_timeout must not be negative"));
  EXPECT_EQ(
      refusal([](auto& o) { o.retry_options.max_delay = -1ms; }),
      Refusal(Kind::MissingConfiguration, "Invalid option: retry_options.max_delay must not be negative"));
  EXPECT_EQ(refusal([](auto& o) { o.endpoint = "h"; }).first, Kind::InvalidEndpoint);
  EXPECT_TRUE(refusal([](auto& o) { o.endpoint = "h"; }).second.starts_with("Invalid endpoint URL: "));
  EXPECT_EQ(refusal([](auto& o) { o.proxy = "socks5://h"; }).first, Kind::InvalidEndpoint);
  EXPECT_TRUE(refusal([](auto& o) { o.proxy = "socks5://h"; }).second.starts_with("Invalid proxy URL: "));
  const auto tls = refusal([](auto& o) {
    o.endpoint = "https://h";
    o.tls.ca_file = "/does/not/exist.pem";
  });
  EXPECT_EQ(tls.first, Kind::MissingConfiguration);
  EXPECT_TRUE(tls.second.starts_with("Invalid TLS option: tls.ca_file ")) << tls.second;
  EXPECT_EQ(refusal([](auto& o) {
              o.default_headers = {{"bad name", "v"}};
            }).second,
            "Invalid header name: HTTP does not allow 'bad name'");
}

TEST(HttpClientOptions, HeadersAreCheckedTrimmedAndReplaced) {
  Headers headers;
  set_header(headers, "X-Name", " first ");
  set_header(headers, "x-name", "second");
  EXPECT_EQ(headers, (Headers{{"X-Name", "second"}}));
  for (const char* reserved : {"Host", "content-length", "Transfer-Encoding", "connection", "content-type"}) {
    EXPECT_THROW(set_header(headers, reserved, "x"), ChromaHttpClientOptionsError) << reserved;
  }
  for (const char* value : {"a\r\nb: c", "a\nb", "\x01", "k\xC3\xA9y"}) {
    EXPECT_THROW(set_header(headers, "x", value), ChromaHttpClientOptionsError) << value;
  }
}

/// The head of the request that a client with these options sends to the server.
std::string head_of_request(HttpClientOptions options, const std::string& user_info, Headers own = {}) {
  std::string head;
  const RawServer server([&head](RawSession& session) {
    head = session.read_head().value_or("");
    session.respond("{}");
  });
  asio::io_context context;
  options.endpoint = "http://" + user_info + server.origin().authority() + "/prefix//";
  options.proxy = "";
  const HttpClient client = make_http_client(context.get_executor(), options);
  EXPECT_EQ(client.server, "http://" + server.origin().authority() + "/prefix");
  EXPECT_EQ(client.base_path, "/prefix");
  HttpRequest request;
  request.method = "GET";
  request.target = client.base_path + "/path";
  request.headers = std::move(own);
  auto done =
      asio::co_spawn(context, client.transport.request(std::move(request), CallLimits()), asio::use_future);
  context.run();
  EXPECT_EQ(done.get().status, 200);
  return head;
}

TEST(HttpClient, SendsTheEndpointsHeadersAndItsCredentials) {
  HttpClientOptions options;
  options.default_headers = {{"Accept", "text/plain"}, {"x-default", "1"}};
  const std::string head = head_of_request(options, "user:p%40ss@");
  EXPECT_TRUE(head.starts_with("GET /prefix/path HTTP/1.1\r\nhost: ")) << head;
  EXPECT_NE(head.find("\r\nuser-agent: chroma-cpp/"), std::string::npos) << head;
  EXPECT_NE(head.find("\r\nauthorization: Basic dXNlcjpwQHNz\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("\r\naccept: text/plain\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("\r\nx-default: 1\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("application/json"), std::string::npos) << head;
}

TEST(HttpClient, ARequestsOwnHeadersReplaceTheEndpoints) {
  HttpClientOptions options;
  options.default_headers = {{"x-default", "1"}};
  const Headers own{{"Authorization", "Bearer token"}, {"X-Default", "2"}};
  const std::string head = head_of_request(options, "user:password@", own);
  EXPECT_NE(head.find("\r\nAuthorization: Bearer token\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("\r\nX-Default: 2\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("Basic"), std::string::npos) << head;
  EXPECT_EQ(head.find("x-default: 1"), std::string::npos) << head;
}

}  // namespace
}  // namespace chroma::transport
