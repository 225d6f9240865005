#include "embed/http/fixture.hpp"
#include "embed/openai/configuration.hpp"

namespace {

using namespace chroma::test;
namespace openai = chroma::embed::openai;

TEST(OpenAiConfiguration, ReadsWhatPythonWrites) {
  const auto read = openai::read_configuration(EmbeddingFunctionConfiguration::known(
      "openai",
      R"({"api_base":"http://h/v1","api_key_env_var":"CHROMA_OPENAI_API_KEY","api_type":null,"api_version":null,)"
      R"("default_headers":{"x-a":"b"},"deployment_id":null,"dimensions":64,"model_name":"m",)"
      R"("organization_id":null,"insecure":true})"));
  EXPECT_EQ(read.api_key_env_var, "CHROMA_OPENAI_API_KEY");
  EXPECT_EQ(read.default_headers, (chroma::Headers{{"x-a", "b"}}));
  EXPECT_EQ(read.organization, "");
  EXPECT_THROW((void)openai::read_configuration(EmbeddingFunctionConfiguration::known("openai", "[]")),
               chroma::ChromaHttpClientError);
  const auto azure = openai::read_configuration(EmbeddingFunctionConfiguration::known(
      "openai", R"({"api_key_env_var":"AZURE_API_KEY","model_name":"m","api_type":"azure","api_version":"v",)"
                R"("deployment_id":"d","api_base":"https://x"})"));
  EXPECT_EQ(azure.deployment_id, "d");
  EXPECT_EQ(azure.api_version, "v");
}

TEST(OpenAiConfiguration, AConfigurationMayNotNameAnyVariable) {
  const auto configuration =
      EmbeddingFunctionConfiguration::known("openai", R"({"api_key_env_var":"AWS_SECRET_ACCESS_KEY"})");
  const auto error = embedding_error_of([&] { (void)openai::read_configuration(configuration); });
  EXPECT_NE(error.message.find("AWS_SECRET_ACCESS_KEY"), std::string::npos);
}

}  // namespace
