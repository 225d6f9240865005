// Every error response of a known server with OpenAI's interface: what the error says, and how often the
// request was sent.
#include "embed/http/fixture.hpp"

#include <chroma/embed/openai.hpp>

namespace {

using namespace chroma::test;

struct ErrorCase {
  const char* name;
  int status;
  const char* body;
  const char* message;
  const char* code;
  bool retried;
};

const ErrorCase cases[] = {
    {"OpenAiKey", 401,
     R"({"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,)"
     R"("code":"invalid_api_key"}})",
     "Incorrect API key provided", "invalid_api_key", false},
    {"OpenAiModel", 404,
     R"({"error":{"message":"The model `m` does not exist","type":"invalid_request_error","param":null,)"
     R"("code":"model_not_found"}})",
     "The model `m` does not exist", "model_not_found", false},
    {"OpenAiRateLimit", 429,
     R"({"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}})",
     "Rate limit reached", "rate_limit_exceeded", true},
    {"OpenAiQuota", 429,
     R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,)"
     R"("code":"insufficient_quota"}})",
     "You exceeded your current quota", "insufficient_quota", false},
    {"OpenAiContext", 400,
     R"({"error":{"message":"This model's maximum context length is 8192 tokens, however you requested 8610 )"
     R"(tokens","type":"invalid_request_error","param":null,"code":null}})",
     "This model's maximum context length is 8192 tokens, however you requested 8610 tokens",
     "invalid_request_error", false},
    {"OpenAiTokens", 400,
     R"({"error":{"message":"Requested 416735 tokens, max 300000 tokens per request",)"
     R"("type":"max_tokens_per_request","param":null,"code":"max_tokens_per_request"}})",
     "Requested 416735 tokens, max 300000 tokens per request", "max_tokens_per_request", false},
    {"OpenAiInput", 400,
     R"({"error":{"message":"'$.input' is invalid.","type":"invalid_request_error","param":null,"code":null}})",
     "'$.input' is invalid.", "invalid_request_error", false},
    {"AzureGateway", 401, R"({"statusCode":401,"message":"Access denied due to invalid subscription key."})",
     "Access denied due to invalid subscription key.", "401", false},
    {"AzureKey", 401, R"({"error":{"code":"401","message":"Access denied"}})", "Access denied", "401", false},
    {"AzureDeployment", 404,
     R"({"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist."}})",
     "The API deployment does not exist.", "DeploymentNotFound", false},
    {"AzureRateLimit", 429, R"({"error":{"code":"429","message":"Please retry after 1 seconds."}})",
     "Please retry after 1 seconds.", "429", true},
    {"LlamaCppContext", 400,
     R"({"error":{"code":400,"message":"the request exceeds the available context size",)"
     R"("type":"exceed_context_size_error","n_prompt_tokens":600,"n_ctx":512}})",
     "the request exceeds the available context size", "exceed_context_size_error", false},
    {"LlamaCppPooling", 400,
     R"({"error":{"code":400,"message":"Pooling type 'none' is not OAI compatible.",)"
     R"("type":"invalid_request_error"}})",
     "Pooling type 'none' is not OAI compatible.", "invalid_request_error", false},
    {"LlamaCppKey", 401,
     R"({"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}})", "Invalid API Key",
     "authentication_error", false},
    {"LlamaCppTooLarge", 500,
     R"({"error":{"code":500,"message":"input (596 tokens) is too large to process. increase the physical )"
     R"x(batch size (current batch size: 512)","type":"server_error"}})x",
     "input (596 tokens) is too large to process. increase the physical batch size (current batch size: "
     "512); "
     "llama-server's option -ub sets the size",
     "server_error", false},
    {"LlamaCppNoEmbeddings", 501,
     R"({"error":{"code":501,"message":"This server does not support embeddings. Start it with x",)"
     R"("type":"not_supported_error"}})",
     "This server does not support embeddings. Start it with x", "not_supported_error", false},
    {"LlamaCppLoading", 503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})",
     "Loading model", "unavailable_error", true},
    {"Vllm", 400, R"({"error":{"message":"m","type":"BadRequestError","param":null,"code":400}})", "m",
     "BadRequestError", false},
    {"VllmModel", 404, R"({"error":{"message":"m","type":"NotFoundError","param":null,"code":404}})", "m",
     "NotFoundError", false},
    {"VllmInternal", 500, R"({"error":{"message":"m","type":"InternalServerError","param":null,"code":500}})",
     "m", "InternalServerError", true},
    {"OldVllm", 400, R"({"object":"error","message":"m","type":"BadRequestError","param":null,"code":400})",
     "m", "BadRequestError", false},
    {"OllamaInput", 400,
     R"({"error":{"message":"invalid input","type":"invalid_request_error","param":null,"code":null}})",
     "invalid input", "invalid_request_error", false},
    {"OllamaModel", 404,
     R"({"error":{"message":"model not found","type":"not_found_error","param":null,"code":null}})",
     "model not found", "not_found_error", false},
    {"OllamaInternal", 500, R"({"error":{"message":"m","type":"api_error","param":null,"code":null}})", "m",
     "api_error", true},
    {"LocalAiLoading", 503,
     R"({"error":{"code":"model_loading","message":"m","type":"model_loading"},"loading":{"model":"x"}})",
     "m", "model_loading", true},
    {"LocalAiOpaque", 500, "", "the response has no error message", "", true},
    {"LmStudio", 400, R"({"error":"No models loaded"})", "No models loaded", "", false},
    {"SgLang", 401, R"({"error":"Unauthorized"})", "Unauthorized", "", false},
    {"TeiValidation", 422,
     R"({"message":"Input validation error: `inputs` must have less than 512 tokens. Given: 514","code":422,)"
     R"("type":"Validation"})",
     "Input validation error: `inputs` must have less than 512 tokens. Given: 514", "Validation", false},
    {"TeiOverloaded", 429, R"({"message":"Model is overloaded","code":429,"type":"Overloaded"})",
     "Model is overloaded", "Overloaded", true},
    {"TeiBackend", 424, R"({"message":"m","code":424,"type":"Backend"})", "m", "Backend", false},
    {"FastApi", 401, R"({"detail":"Not authenticated"})", "Not authenticated", "", false},
    {"FastApiValidation", 422,
     R"({"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]})",
     "body.model: Field required", "missing", false},
    {"Cloudflare", 400, R"({"success":false,"errors":[{"code":7003,"message":"No route"}],"messages":[]})",
     "No route", "7003", false},
    {"Gateway", 400,
     R"({"code":20042,"message":"input batch size 136 > maximum allowed batch size 64","data":null})",
     "input batch size 136 > maximum allowed batch size 64", "20042", false},
    {"Gemini", 429, R"({"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED"}})", "quota",
     "RESOURCE_EXHAUSTED", true},
    {"PlainText", 502, "upstream connect error", "upstream connect error", "", true},
    {"Page", 504, "<html><head><title>504 Gateway Time-out</title></head></html>", "504 Gateway Time-out", "",
     true},
    {"NotImplemented", 501, "", "the response has no error message", "", false},
    {"Gone", 410, R"({"error":"gone"})", "gone", "", false},
    {"RequestTimeout", 408, R"({"error":"slow"})", "slow", "", true},
    {"LockTimeout", 409, R"({"error":"locked"})", "locked", "", true},
};

class ErrorBody : public testing::TestWithParam<ErrorCase> {};

INSTANTIATE_TEST_SUITE_P(Embedding, ErrorBody, testing::ValuesIn(cases),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(ErrorBody, IsReadAndRetriedIfItMayBeTemporary) {
  const auto& expected = GetParam();
  MockServer server;
  server.respond(Reply(expected.status, expected.body));
  chroma::embed::OpenAiOptions options;
  options.api_base = server.url();
  options.api_key = "key";
  retry_at_once(options);
  options.retry_options.max_retries = 1;
  Context context;
  const chroma::embed::OpenAiEmbeddingFunction function(context.executor(), options);
  const auto error = embedding_error_of([&] { (void)context.run(function.embed_strs({"a"})); });
  EXPECT_EQ(error.message, expected.message);
  EXPECT_EQ(error.code, expected.code);
  EXPECT_EQ(error.status, expected.status);
  EXPECT_EQ(error.body, expected.body);
  EXPECT_EQ(error.retryable, expected.retried);
  EXPECT_EQ(server.received().size(), expected.retried ? 2U : 1U);
}

}  // namespace
