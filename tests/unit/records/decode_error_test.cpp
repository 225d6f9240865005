#include "codec/decode_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chroma::codec {
namespace {

std::string message(int status, std::string_view body) {
  return decode_error(status, body).message;
}

TEST(DecodeErrorTest, ReadsChromasEnvelope) {
  const auto error = decode_error(
      404, R"({"error":"NotFoundError","message":"Collection [x] does not exist","more":{"a":[1]}})");
  EXPECT_EQ(error.status, 404);
  EXPECT_EQ(error.name, "NotFoundError");
  EXPECT_EQ(error.message, "Collection [x] does not exist");
  EXPECT_TRUE(error.body.starts_with(R"({"error")"));
}

TEST(DecodeErrorTest, KeepsTheMessageOfChroma) {
  EXPECT_EQ(message(400, R"({"error":"InvalidArgumentError","message":"two\nlines  of \"words\""})"),
            "two\nlines  of \"words\"");
}

TEST(DecodeErrorTest, ReadsOtherJson) {
  EXPECT_EQ(message(404, R"({"detail":"Not Found"})"), "Not Found");
  EXPECT_EQ(
      message(422, R"({"detail":[{"loc":["body","ids",0],"msg":"field required","type":"x"},"and more"]})"),
      "body.ids.0: field required; and more");
  EXPECT_EQ(message(503, R"({"error":{"code":14,"message":"upstream is gone"}})"), "upstream is gone");
  EXPECT_EQ(message(401, R"({"error":"Unauthorized"})"), "Unauthorized");
  EXPECT_EQ(message(403, R"({"message":"Forbidden","request_id":"7"})"), "Forbidden");
  EXPECT_EQ(message(400, R"({"error":"Bad","message":null})"), "Bad");
  EXPECT_EQ(message(500, R"({"title":"Oops","status":500})"), "Oops");
  EXPECT_EQ(message(500, R"({"code":7})"), R"({"code":7})");
  EXPECT_EQ(message(500, R"("just words")"), "just words");
  EXPECT_EQ(message(500, "[1,2]"), "1; 2");
  EXPECT_EQ(decode_error(401, R"({"error":"Unauthorized"})").name, "");
}

TEST(DecodeErrorTest, ReadsPages) {
  EXPECT_EQ(
      message(502, "<html>\r\n<head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"),
      "502 Bad Gateway");
  EXPECT_EQ(message(502, "<!DOCTYPE HTML><HTML><BODY><H1>No <b>luck</b></H1>text</BODY>"), "No luck");
  EXPECT_EQ(message(502, "<html><body>only   text</body></html>"), "only text");
  EXPECT_EQ(message(502, "<html></html>"), "the response has no error message");
  EXPECT_EQ(message(502, "<html><title"), "the response has no error message");
}

TEST(DecodeErrorTest, ReadsPlainText) {
  EXPECT_EQ(message(413, "Payload too large"), "Payload too large");
  EXPECT_EQ(message(429, "  You have been\r\nrate limited.\n"), "You have been rate limited.");
  EXPECT_EQ(message(500, "{\"error\":"), "{\"error\":");
  EXPECT_EQ(message(500, "a\xFF\x01z"), "a??z");
}

TEST(DecodeErrorTest, HasAMessageForAnEmptyBody) {
  EXPECT_NE(message(404, "").find("does not have this route"), std::string::npos);
  EXPECT_NE(message(405, " \r\n").find("method"), std::string::npos);
  EXPECT_EQ(message(500, ""), "the response has no error message");
  EXPECT_EQ(message(500, "{}"), "{}");
}

TEST(DecodeErrorTest, BoundsWhatItKeeps) {
  std::string body;
  for (int i = 0; i < 100000; ++i) body += "é";
  const auto error = decode_error(500, body);
  EXPECT_LE(error.message.size(), 1010u);
  EXPECT_TRUE(error.message.ends_with("é..."));
  EXPECT_EQ(error.body.size(), 65536u);
  EXPECT_EQ(message(500, std::string(100000, '[')).size(), 1003u);
}

}  // namespace
}  // namespace chroma::codec
