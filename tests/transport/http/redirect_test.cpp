#include "transport/redirect.hpp"

#include "transport/http/origin.hpp"

#include <chroma/error.hpp>

#include <algorithm>

namespace chroma::transport {
namespace {

HttpResponse redirect(int status, std::string location) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Location", std::move(location)}};
  return response;
}

std::optional<std::string> follow(int status, std::string location, std::string_view method = "GET") {
  return redirect_target(redirect(status, std::move(location)), origin(), method, "/api/v2/a/b?q=1");
}

std::string refusal(int status, std::string location, std::string_view method = "GET") {
  try {
    const auto target = follow(status, location, method);
    ADD_FAILURE() << "followed to " << target.value_or("nothing");
  } catch (const ChromaHttpClientError& error) {
    EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::decode);
    EXPECT_FALSE(error.is_retryable());
    return error.what();
  }
  return {};
}

TEST(Redirect, LocationsAreResolvedAgainstTheTarget) {
  const std::pair<const char*, const char*> table[] = {
      {"/x", "/x"},
      {"/x?y=2#z", "/x?y=2"},
      {"c", "/api/v2/a/c"},
      {"../c", "/api/v2/c"},
      {"./c/.", "/api/v2/a/c/"},
      {"../../../../../c", "/c"},
      {"/a/../..", "/"},
      {"?q=2", "/api/v2/a/b?q=2"},
      {"http://example.org:8000/x", "/x"},
      {"HTTP://EXAMPLE.org:8000", "/"},
      {"//example.org:8000/x", "/x"},
      {"c:d/e", ""},
  };
  for (const auto& [location, target] : table) {
    if (*target == '\0') {
      refusal(307, location);
    } else {
      EXPECT_EQ(follow(307, location), target) << location;
    }
  }
}

TEST(Redirect, MethodDecidesWithTheStatus) {
  for (const int status : {301, 302, 303}) {
    EXPECT_EQ(follow(status, "/x"), "/x");
    EXPECT_NE(refusal(status, "/x", "POST").find("POST"), std::string::npos);
  }
  for (const int status : {307, 308}) {
    EXPECT_EQ(follow(status, "/x"), "/x");
    EXPECT_EQ(follow(status, "/x", "POST"), "/x");
  }
}

TEST(Redirect, OtherStatusesAreFinalResponses) {
  for (const int status : {200, 300, 304, 305, 400, 500})
    EXPECT_EQ(follow(status, "/x"), std::nullopt) << status;
  HttpResponse bare;
  bare.status = 307;
  EXPECT_EQ(redirect_target(bare, origin(), "GET", "/"), std::nullopt);
}

TEST(Redirect, OtherOriginsAreNamedAndRefused) {
  for (const char* location :
       {"http://evil.example/x?token=1", "https://example.org:8000/x", "http://example.org:8001/x",
        "http://example.org/x", "//evil.example/x", "http://example.org:8000@evil.example/x"}) {
    const std::string text = refusal(307, location);
    EXPECT_NE(text.find("http://example.org:8000"), std::string::npos) << text;
    EXPECT_EQ(text.find("token"), std::string::npos) << text;
  }
  EXPECT_NE(refusal(307, "http://evil.example/x").find("http://evil.example:80"), std::string::npos);
}

TEST(Redirect, UnusableLocationsAreRefused) {
  for (const char* location : {"ftp://example.org/", "http://", "/a b", "http://example.org:99999/"}) {
    refusal(307, location);
  }
}

TEST(Redirect, WhatARefusalShowsOfTheLocationIsShortAndPrintable) {
  std::string raw;
  std::string separators;
  for (int i = 0; i < 12'000; ++i) {
    raw += "\xFF\xFE";
    separators += "\xE2\x80\xA8";
  }
  for (const std::string& location : {"http://[" + raw + "]/", separators + "://example.org/",
                                      "http://" + raw + "/", "//[" + raw + "]", "x:" + raw}) {
    const std::string text = refusal(307, location);
    EXPECT_LT(text.size(), 500U);
    EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) << text;
  }
}

}  // namespace
}  // namespace chroma::transport
