#include "embed/http/provider_error.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using chroma::EmbeddingFunctionError;
using chroma::embed::is_worth_another_attempt;
using chroma::embed::provider_error;
using chroma::embed::Refusal;
using chroma::embed::refusal_of;
using chroma::embed::unreadable_response;

chroma::transport::HttpResponse response(int status, const std::string& body, chroma::Headers headers = {}) {
  chroma::transport::HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = chroma::core::Buffer(body);
  return response;
}

EmbeddingFunctionError error(int status, const std::string& body) {
  return provider_error(response(status, body), {});
}

struct Form {
  const char* body;
  const char* message;
  const char* code;
};

TEST(ProviderError, ReadsEveryFormOfBody) {
  const std::vector<Form> forms = {
      {R"({"error":{"message":"Bad key","type":"invalid_request_error","code":"invalid_api_key","param":null}})",
       "Bad key", "invalid_api_key"},
      {R"({"error":{"message":"Loading model","type":"unavailable_error","code":503}})", "Loading model",
       "unavailable_error"},
      {R"({"error":{"message":"m","type":"not_found_error","param":null,"code":null}})", "m",
       "not_found_error"},
      {R"({"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}})", "m", "INVALID_ARGUMENT"},
      {R"({"error":{"code":"429","message":"Please retry after 86400 seconds."}})",
       "Please retry after 86400 seconds.", "429"},
      {R"({"error":{"code":"model_loading","type":"model_loading","message":"m"},"loading":true})", "m",
       "model_loading"},
      {R"({"error":"model 'x' not found"})", "model 'x' not found", ""},
      {R"({"error":"Model is overloaded","error_type":"Overloaded"})", "Model is overloaded", "Overloaded"},
      {R"({"message":"batch size 100 > maximum allowed batch size 32","code":422,"type":"Validation"})",
       "batch size 100 > maximum allowed batch size 32", "Validation"},
      {R"({"object":"error","message":"m","type":"BadRequestError","param":null,"code":400})", "m",
       "BadRequestError"},
      {R"({"statusCode":401,"message":"Access denied"})", "Access denied", "401"},
      {R"({"code":20042,"message":"m","data":null})", "m", "20042"},
      {R"({"detail":"Not authenticated"})", "Not authenticated", ""},
      {R"({"detail":[{"type":"missing","loc":["body","input"],"msg":"Field required"},{"type":"x","msg":"b"}]})",
       "body.input: Field required; b", "missing"},
      {R"({"success":false,"errors":[{"code":7003,"message":"No route"}],"messages":[]})", "No route",
       "7003"},
      {"Failed to buffer the request body: length limit exceeded",
       "Failed to buffer the request body: length limit exceeded", ""},
      {"<html><body>Bad gateway</body></html>", "Bad gateway", ""},
      {"", "the response has no error message", ""},
      {"{\"error\": 5", "{\"error\": 5", ""},
      {R"({"error":{"message":"a\u0007b"}})", "a?b", ""},
  };
  for (const auto& form : forms) {
    const auto read = error(418, form.body);
    EXPECT_EQ(read.message, form.message) << form.body;
    EXPECT_EQ(read.code, form.code) << form.body;
    EXPECT_EQ(read.status, 418);
    EXPECT_EQ(read.body, form.body);
  }
}

TEST(ProviderError, KeepsTheRequestId) {
  EXPECT_EQ(provider_error(response(400, "", {{"X-Request-Id", "req_1"}}), {}).request_id, "req_1");
  EXPECT_EQ(provider_error(response(400, "", {{"apim-request-id", "a"}}), {}).request_id, "a");
  EXPECT_EQ(error(400, "").request_id, "");
}

TEST(ProviderError, NeverRepeatsTheKey) {
  const auto read =
      provider_error(response(401, R"({"error":"wrong key sk-12345678, sk-12345678"})"), {"sk-12345678"});
  EXPECT_EQ(read.message, "wrong key [secret], [secret]");
  EXPECT_EQ(read.body, R"({"error":"wrong key [secret], [secret]"})");
}

TEST(ProviderError, NeverRepeatsAKeyThatJsonEscapes) {
  const auto refused =
      response(401, R"({"error":{"message":"wrong key ab\/cd\u002Bef\u003d=","code":"ab/cd\u002bef=="}})");
  const auto read = provider_error(refused, {"ab/cd+ef=="});
  EXPECT_EQ(read.message, "wrong key [secret]");
  EXPECT_EQ(read.code, "[secret]");
  EXPECT_EQ(read.body, R"({"error":{"message":"wrong key [secret]","code":"[secret]"}})");
}

TEST(ProviderError, NeverRepeatsAPartOfTheKey) {
  const std::string secret = "sk-12345678";
  for (std::size_t before = 64 * 1024 - secret.size(); before < 64 * 1024; ++before) {
    const auto read = provider_error(response(401, std::string(before, 'x') + secret), {secret});
    EXPECT_EQ(read.body.find("sk-"), std::string::npos) << before;
  }
  for (std::size_t before = 980; before < 1010; ++before) {
    const auto body = R"({"error":"e","message":")" + std::string(before, 'x') + secret + "\"}";
    EXPECT_EQ(provider_error(response(401, body), {secret}).message.find("sk-"), std::string::npos) << before;
    const auto text = std::string(before, 'x') + secret;
    EXPECT_EQ(provider_error(response(401, text), {secret}).message.find("sk-"), std::string::npos) << before;
  }
}

TEST(ProviderError, BoundsWhatItKeeps) {
  const auto read = error(500, std::string(100'000, 'x'));
  EXPECT_LT(read.message.size(), 1100U);
  EXPECT_EQ(read.body.size(), 64U * 1024U);
}

TEST(ProviderError, ASuccessCanBeAnError) {
  const auto read = unreadable_response(
      response(200, R"x({"error":"Unexpected endpoint or method. (POST /x)"})x"), "no data", {});
  EXPECT_EQ(read.message, "Unexpected endpoint or method. (POST /x)");
  EXPECT_EQ(read.status, 200);
  EXPECT_FALSE(read.retryable);
  EXPECT_EQ(unreadable_response(response(200, "{}"), "no data", {}).message, "no data");
  EXPECT_EQ(unreadable_response(response(200, R"({"error":null})"), "no data", {}).message, "no data");
  EXPECT_EQ(unreadable_response(response(200, "[1"), "no data", {}).message, "no data");
  EXPECT_EQ(unreadable_response(response(200, "<html>"), "no data", {}).message,
            "the response is not JSON; it begins with \"<html>\"");
}

TEST(ProviderError, RetriesWhatMayBeTemporary) {
  const auto verdict = [](int status, const std::string& body, chroma::Headers headers = {}) {
    return is_worth_another_attempt(response(status, body, std::move(headers)));
  };
  EXPECT_EQ(verdict(200, ""), std::nullopt);
  EXPECT_EQ(verdict(429, R"({"error":{"code":"rate_limit_exceeded"}})"), std::nullopt);
  EXPECT_EQ(verdict(429, R"({"error":{"message":"m","code":"insufficient_quota"}})"), false);
  EXPECT_EQ(verdict(429, R"({"error":{"message":"m","type":"insufficient_quota","code":"x"}})"), false);
  EXPECT_EQ(verdict(408, ""), true);
  EXPECT_EQ(verdict(409, ""), true);
  EXPECT_EQ(verdict(500, "boom"), std::nullopt);
  EXPECT_EQ(
      verdict(500, R"x({"error":{"message":"input (596 tokens) is too large to process. increase the )x"
                   R"x(physical batch size (current batch size: 512)","type":"server_error","code":500}})x"),
      false);
  EXPECT_EQ(verdict(400, R"({"error":"do embedding request: Post \"http://127.0.0.1:1/embedding\": EOF"})"),
            true);
  EXPECT_EQ(verdict(400, R"({"error":"invalid input type"})"), std::nullopt);
  EXPECT_EQ(verdict(404, "", {{"x-should-retry", "true"}}), true);
  EXPECT_EQ(verdict(503, "", {{"x-should-retry", "false"}}), false);
}

TEST(ProviderError, SaysWhetherItIsRetryable) {
  EXPECT_TRUE(error(429, "").retryable);
  EXPECT_TRUE(error(503, "").retryable);
  EXPECT_TRUE(error(408, "").retryable);
  EXPECT_FALSE(error(429, R"({"error":{"message":"m","type":"insufficient_quota"}})").retryable);
  EXPECT_FALSE(error(400, "").retryable);
  EXPECT_FALSE(error(401, "").retryable);
}

TEST(ProviderError, DistinguishesKindsOfRefusals) {
  const auto refusal = [](int status, const std::string& message) {
    return refusal_of(error(status, R"({"error":")" + message + "\"}"));
  };
  EXPECT_EQ(refusal(422, "batch size 100 > maximum allowed batch size 32"), Refusal::number_of_texts);
  EXPECT_EQ(refusal(413, "batch size 100 > maximum allowed batch size 32"), Refusal::number_of_texts);
  EXPECT_EQ(refusal(400, "the batch size is invalid, it should not be larger than 10"),
            Refusal::number_of_texts);
  EXPECT_EQ(refusal(413, "input batch size 136 > maximum allowed batch size 64"), Refusal::number_of_texts);
  EXPECT_EQ(refusal(400, "Too many inputs. The max number of inputs is 16."), Refusal::number_of_texts);
  EXPECT_EQ(refusal_of(error(413, "Failed to buffer the request body: length limit exceeded")),
            Refusal::size_of_request);
  EXPECT_EQ(
      refusal_of(error(400, R"({"error":{"message":"Requested 416735 tokens, max 300000 tokens per request",)"
                            R"("type":"max_tokens_per_request","code":"max_tokens_per_request"}})")),
      Refusal::size_of_request);
  EXPECT_EQ(refusal(422, "Input validation error: `inputs` must have less than 512 tokens. Given: 514"),
            Refusal::one_text);
  EXPECT_EQ(refusal(413, "Input validation error: `inputs` must have less than 512 tokens. Given: 514"),
            Refusal::one_text);
  EXPECT_EQ(refusal(400, "This model's maximum context length is 8192 tokens"), Refusal::one_text);
  EXPECT_EQ(refusal(400, "the input length exceeds the context length"), Refusal::one_text);
  EXPECT_EQ(refusal(413, "`inputs` cannot be empty"), Refusal::one_text);
  EXPECT_EQ(refusal(500, "input is too large to process. increase the physical batch size"),
            Refusal::one_text);
  EXPECT_EQ(refusal(500, "batch size"), Refusal::other);
  EXPECT_EQ(refusal(429, "batch size"), Refusal::other);
  EXPECT_EQ(refusal(400, "invalid input type"), Refusal::other);
}

}  // namespace
