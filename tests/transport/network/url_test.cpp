#include "transport/url.hpp"

#include "transport/http_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace chroma::transport {
namespace {

std::string refusal(std::string_view text) {
  try {
    static_cast<void>(parse_url(text));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(UrlTest, ParsesAnEndpoint) {
  const Url url = parse_url("https://Example.COM:8443/a/b%20c?x=1&y=%2F#part");
  EXPECT_TRUE(url.origin.tls);
  EXPECT_EQ(url.origin.host, "example.com");
  EXPECT_EQ(url.origin.port, 8443);
  EXPECT_TRUE(url.port_given);
  EXPECT_EQ(url.path, "/a/b%20c");
  EXPECT_EQ(url.query, "x=1&y=%2F");
  EXPECT_EQ(url.fragment, "part");
  EXPECT_EQ(url.user, "");
  EXPECT_EQ(url.password, "");
}

TEST(UrlTest, DefaultsToTheSchemesPort) {
  EXPECT_EQ(parse_url("http://h").origin.port, 80);
  EXPECT_EQ(parse_url("https://h").origin.port, 443);
  EXPECT_EQ(parse_url("HTTP://h:").origin.port, 80);
  EXPECT_FALSE(parse_url("http://h:").port_given);
  EXPECT_EQ(parse_url("http://h").path, "");
}

TEST(UrlTest, DecodesUserInfo) {
  const Url url = parse_url("https://us%65r:p%40ss:w@h.example:443/p");
  EXPECT_EQ(url.user, "user");
  EXPECT_EQ(url.password, "p@ss:w");
  EXPECT_EQ(url.origin.host_header(), "h.example");
}

TEST(UrlTest, TakesTheLastAtSignForTheEndOfUserInfo) {
  const Url url = parse_url("http://a@b@host");
  EXPECT_EQ(url.user, "a@b");
  EXPECT_EQ(url.origin.host, "host");
}

TEST(UrlTest, WritesIpv6InItsShortestForm) {
  const Url url = parse_url("http://[0:0:0:0:0:0:0:1]:8000/x");
  EXPECT_EQ(url.origin.host, "::1");
  EXPECT_EQ(url.origin.authority(), "[::1]:8000");
  EXPECT_EQ(url.origin, parse_url("http://[::1]:8000").origin);
  EXPECT_EQ(parse_url("http://[2001:DB8::A]").origin.host_header(), "[2001:db8::a]");
}

TEST(UrlTest, EncodesCharactersThatUrlsMustNotHave) {
  const Url url = parse_url("http://h/pr\xC3\xA4\"<>\\^`{|}?q=\xC3\xA4|");
  EXPECT_EQ(url.path, "/pr%C3%A4%22%3C%3E%5C%5E%60%7B%7C%7D");
  EXPECT_EQ(url.query, "q=%C3%A4%7C");
}

TEST(UrlTest, RequiresAScheme) {
  EXPECT_THAT(refusal("localhost:8501"), testing::HasSubstr("as in http://localhost:8501"));
  EXPECT_THAT(refusal("//host"), testing::HasSubstr("scheme is missing"));
  EXPECT_THAT(refusal("http:host"), testing::HasSubstr("scheme is missing"));
  EXPECT_THAT(refusal("host/http://x"), testing::HasSubstr("scheme is missing"));
  EXPECT_THAT(refusal("ftp://host"), testing::HasSubstr("'ftp'"));
  EXPECT_THAT(refusal("://host"), testing::HasSubstr("use http or https"));
}

TEST(UrlTest, NeverRepeatsAPassword) {
  for (const char* text : {"user:sesame@localhost:8000", "http://user:sesame@host:99999",
                           "http://user:sesame@", "http://user:%zzsesame@h", "http://user:sesame/more@host",
                           "http://user:sesame@[::1", "http://user:sesame@[zz]", "http://user:sesame@h st",
                           "user:sesame://x@host", "sesame://user@host", "http://[sesame]/x@host"}) {
    const std::string text_of_error = refusal(text);
    EXPECT_NE(text_of_error, "accepted") << text;
    EXPECT_THAT(text_of_error, testing::Not(testing::HasSubstr("sesame"))) << text;
  }
}

TEST(UrlTest, NamesNoCharacterThatMayBePartOfAPassword) {
  EXPECT_THAT(refusal("http://h$st"), testing::HasSubstr("'$'"));
  EXPECT_THAT(refusal("http://pass$word/@host"), testing::Not(testing::HasSubstr("$")));
}

TEST(UrlTest, RefusesInvalidHostsAndPorts) {
  for (const char* text : {"",
                           "http://",
                           "http:///x",
                           "http://:80",
                           "http://h:0",
                           "http://h:65536",
                           "http://h:-1",
                           "http://h:8x",
                           "http://h:99999999999999999999",
                           "http://a b",
                           " http://h",
                           "http://h\n",
                           "http://h/\t",
                           "http://h\x7F",
                           "http://::1:8000",
                           "http://[::1",
                           "http://[::1]x",
                           "http://[fe80::1%25eth0]",
                           "http://[1.2.3.4]",
                           "http://h\\x",
                           "http://h\xC3\xA4",
                           "http://h%41",
                           "http://user:%4@h"}) {
    EXPECT_NE(refusal(text), "accepted") << text;
  }
  EXPECT_NE(refusal("http://" + std::string(255, 'a')), "accepted");
  EXPECT_NE(refusal(std::string_view("http://h\0", 9)), "accepted");
}

TEST(UrlTest, NamesOrigins) {
  const Origin plain = parse_url("http://EXAMPLE.com:80").origin;
  EXPECT_EQ(plain.host_header(), "example.com");
  EXPECT_EQ(plain.authority(), "example.com:80");
  EXPECT_EQ(plain.to_string(), "http://example.com:80");
  const Origin odd = parse_url("https://example.com:80").origin;
  EXPECT_EQ(odd.host_header(), "example.com:80");
  EXPECT_NE(plain, odd);
}

TEST(UrlTest, EncodesSegments) {
  EXPECT_EQ(encode_segment("my coll"), "my%20coll");
  EXPECT_EQ(encode_segment("a/b"), "a%2Fb");
  EXPECT_EQ(encode_segment("a?b=c#frag"), "a%3Fb%3Dc%23frag");
  EXPECT_EQ(encode_segment("a%2Fb"), "a%252Fb");
  EXPECT_EQ(encode_segment("\xC3\xBC\xC3\xB1"), "%C3%BC%C3%B1");
  EXPECT_EQ(encode_segment("..."), "...");
  EXPECT_EQ(encode_segment("../../x"), "..%2F..%2Fx");
  EXPECT_EQ(encode_segment("%2e%2e"), "%252e%252e");
  EXPECT_EQ(encode_segment("a\tb\n"), "a%09b%0A");
  EXPECT_EQ(encode_segment("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(encode_segment(" lead trail "), "%20lead%20trail%20");
  EXPECT_EQ(encode_segment("a;b,c:d@e!$'()*+&="), "a%3Bb%2Cc%3Ad%40e%21%24%27%28%29%2A%2B%26%3D");
  EXPECT_EQ(encode_segment(std::string_view("\0\xFF", 2)), "%00%FF");
  EXPECT_EQ(encode_query("a b&c=.."), "a%20b%26c%3D..");
}

TEST(HttpMessageTest, FindsAHeaderInAnyCase) {
  HttpResponse response;
  response.headers = {{"Content-Type", "a"}, {"X-Two", "1"}, {"x-two", "2"}};
  EXPECT_EQ(response.header("content-type"), "a");
  EXPECT_EQ(response.header("X-TWO"), "1");
  EXPECT_EQ(response.header("x-tw"), "");
  EXPECT_EQ(response.header(""), "");
}

}  // namespace
}  // namespace chroma::transport
