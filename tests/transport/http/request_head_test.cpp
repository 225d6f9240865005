#include "transport/request_head.hpp"

#include "transport/http/origin.hpp"

#include <chroma/error.hpp>

#include <memory>
#include <string>
#include <utility>

namespace chroma::transport {
namespace {

HttpRequest sample_request(std::string method, std::string body = {}) {
  HttpRequest result;
  result.method = std::move(method);
  result.target = "/api/v2/x?y=1";
  result.headers = {{"accept", "*/*"}, {"x-chroma-token", "secret"}};
  result.body = std::make_shared<const core::Buffer>(body);
  return result;
}

TEST(RequestHead, HasHostHeadersAndLength) {
  EXPECT_EQ(
      format_request_head(sample_request("POST", "12345"), "/api/v2/x?y=1", origin(), Headers(), Route()),
      "POST /api/v2/x?y=1 HTTP/1.1\r\n"
      "host: example.org:8000\r\n"
      "accept: */*\r\n"
      "x-chroma-token: secret\r\n"
      "content-length: 5\r\n"
      "\r\n");
}

TEST(RequestHead, GetHasNoLength) {
  EXPECT_EQ(format_request_head(sample_request("GET"), "/", origin(), Headers(), Route()),
            "GET / HTTP/1.1\r\nhost: example.org:8000\r\naccept: */*\r\n"
            "x-chroma-token: secret\r\n\r\n");
}

TEST(RequestHead, PlainProxyGetsAbsoluteFormAndItsOwnHeaders) {
  Route route;
  route.target_prefix = "http://example.org:8000";
  route.headers = {{"proxy-authorization", "Basic eA=="}};
  const std::string head = format_request_head(sample_request("GET"), "/a", origin(), Headers(), route);
  EXPECT_TRUE(
      head.starts_with("GET http://example.org:8000/a HTTP/1.1\r\nhost: example.org:8000\r\n"
                       "proxy-authorization: Basic eA==\r\n"));
}

TEST(RequestHead, CallersHostIsNotDoubled) {
  HttpRequest custom = sample_request("GET");
  custom.headers = {{"Host", "other"}};
  EXPECT_EQ(format_request_head(custom, "/", origin(), Headers(), Route()),
            "GET / HTTP/1.1\r\nHost: other\r\n\r\n");
}

TEST(RequestHead, RefusesWhatWouldChangeItsShape) {
  using namespace std::string_literals;
  for (const std::string& value : {"a\r\nevil: 1"s, "a\nb"s, "a\0b"s}) {
    HttpRequest bad = sample_request("GET");
    bad.headers = {{"x", value}};
    EXPECT_THROW((void)format_request_head(bad, "/", origin(), Headers(), Route()), ChromaHttpClientError);
    bad.headers = {{value, "x"}};
    EXPECT_THROW((void)format_request_head(bad, "/", origin(), Headers(), Route()), ChromaHttpClientError);
    EXPECT_THROW((void)format_request_head(sample_request("GET"), value, origin(), Headers(), Route()),
                 ChromaHttpClientError);
  }
  EXPECT_THROW((void)format_request_head(sample_request("GET"), "/a b", origin(), Headers(), Route()),
               ChromaHttpClientError);
}

TEST(RequestHead, CommonHeadersGiveWayToTheRequestsOwn) {
  const Headers common{{"Accept", "application/json"}, {"user-agent", "x"}};
  EXPECT_EQ(format_request_head(sample_request("GET"), "/", origin(), common, Route()),
            "GET / HTTP/1.1\r\nhost: example.org:8000\r\nuser-agent: x\r\n"
            "accept: */*\r\nx-chroma-token: secret\r\n\r\n");
}

}  // namespace
}  // namespace chroma::transport
