// Functions that the registry builds from the configurations that collections keep.
#include "embed/http/fixture.hpp"

#include <chroma/embed/chroma_cloud.hpp>
#include <chroma/embed/hugging_face_server.hpp>
#include <chroma/embed/ollama.hpp>
#include <chroma/embed/openai.hpp>
#include <chroma/options.hpp>

namespace {

using namespace chroma::test;

class StandardFunctions : public testing::Test {
 protected:
  StandardFunctions() {
    client.retry_options.max_retries = 1;
    client.retry_options.min_delay = std::chrono::milliseconds(0);
    client.observer = [this](const chroma::AttemptEvent& event) { operations.emplace_back(event.operation); };
  }

  template <class Rows, class Function>
  void embed_a_text(const std::shared_ptr<const Function>& function) {
    (void)error_of([&] { (void)context.run<Rows>(function->embed_strs({"a"})); });
  }
  std::shared_ptr<const chroma::embed::DenseEmbeddingFunction> dense(const char* name,
                                                                     const std::string& config) {
    return chroma::embed::Registry().build_dense(EmbeddingFunctionConfiguration::known(name, config),
                                                 chroma::embed::FactoryContext(context.executor(), client));
  }
  std::shared_ptr<const chroma::embed::SparseEmbeddingFunction> sparse(const char* name,
                                                                       const std::string& config) {
    return chroma::embed::Registry().build_sparse(EmbeddingFunctionConfiguration::known(name, config),
                                                  chroma::embed::FactoryContext(context.executor(), client));
  }

  MockServer server{[](const Received&) { return Reply(503, R"({"error":"later"})"); }};
  Context context;
  chroma::ChromaHttpClientOptions client;
  std::vector<std::string> operations;
};

TEST_F(StandardFunctions, AreBuiltWithTheRetriesAndTheObserverOfTheClient) {
  const Variable key("CHROMA_CPP_TEST_API_KEY", "k");
  const auto url = server.url();
  const auto openai =
      dense("openai",
            R"({"api_key_env_var":"CHROMA_CPP_TEST_API_KEY","model_name":"m","api_base":")" + url + "\"}");
  const auto ollama = dense("ollama", R"({"model_name":"m","url":")" + url + "\"}");
  embed_a_text<Embeddings>(openai);
  EXPECT_EQ(operations, (std::vector<std::string>(2, "openai_embed")));
  operations.clear();
  embed_a_text<Embeddings>(ollama);
  EXPECT_EQ(operations, (std::vector<std::string>(2, "ollama_embed")));
  EXPECT_EQ(openai->configuration()->name(), "openai");
  EXPECT_EQ(ollama->configuration()->name(), "ollama");
}

TEST_F(StandardFunctions, KnowBothNamesOfTheHuggingFaceServer) {
  for (const char* name : {"huggingface_server", "huggingface-server"}) {
    const auto function = dense(name, R"({"url":")" + server.url() + "/embed\"}");
    EXPECT_EQ(function->configuration()->name(), "huggingface_server");
    operations.clear();
    embed_a_text<Embeddings>(function);
    EXPECT_EQ(operations, (std::vector<std::string>(3, "hugging_face_server_embed")));
  }
}

TEST_F(StandardFunctions, TakeTheKeyOfAClientOfChromaCloudIfTheVariableIsUnset) {
  const Variable url("CHROMA_EMBED_URL", server.url().c_str());
  const auto config = [](const char* model) {
    return std::string(R"({"api_key_env_var":"CHROMA_CPP_TEST_API_KEY","model":")") + model + "\"}";
  };
  client.endpoint = "https://api.trychroma.com";
  client.auth_method = chroma::ChromaAuthMethod::cloud_api_key("ck-of-client");
  embed_a_text<Embeddings>(dense("chroma-cloud-qwen", config("q")));
  embed_a_text<Embeddings>(
      dense("chroma_cloud", R"({"api_key_env_var":"CHROMA_CPP_TEST_API_KEY","model_name":"q"})"));
  embed_a_text<std::vector<chroma::SparseVector>>(sparse("chroma-cloud-splade", config("s")));
  for (const auto& received : server.received()) {
    EXPECT_EQ(received.header("x-chroma-token"), "ck-of-client");
  }
  EXPECT_EQ(server.received().size(), 6U);
  server.forget();
  const Variable key("CHROMA_CPP_TEST_API_KEY", "ck-of-variable");
  embed_a_text<Embeddings>(dense("chroma-cloud-qwen", config("q")));
  EXPECT_EQ(server.received().at(0).header("x-chroma-token"), "ck-of-variable");
}

TEST_F(StandardFunctions, DoNotSendTheKeyOfAnotherServerToChromaCloud) {
  client.auth_method = chroma::ChromaAuthMethod::cloud_api_key("ck-of-client");
  for (const char* endpoint : {"http://localhost:8000", "https://chroma.example/trychroma.com",
                               "https://api.trychroma.com@chroma.example", "https://trychroma.com.example"}) {
    client.endpoint = endpoint;
    const auto message = embedding_error_of([&] {
                           (void)dense("chroma-cloud-qwen",
                                       R"({"api_key_env_var":"CHROMA_CPP_TEST_UNSET_API_KEY","model":"q"})");
                         }).message;
    EXPECT_NE(message.find("CHROMA_CPP_TEST_UNSET_API_KEY"), std::string::npos) << endpoint << message;
  }
  client.endpoint = "https://user:password@API.trychroma.com:8000/prefix";
  EXPECT_NE(dense("chroma-cloud-qwen", R"({"api_key_env_var":"CHROMA_CPP_TEST_UNSET_API_KEY","model":"q"})"),
            nullptr);
}

TEST_F(StandardFunctions, SayWhichVariableIsMissing) {
  const auto message_of = [&](const char* name, const char* config) {
    return embedding_error_of([&] { (void)dense(name, config); }).message;
  };
  for (const char* name : {"openai", "chroma-cloud-qwen"}) {
    const auto message = message_of(
        name, R"({"api_key_env_var":"CHROMA_CPP_TEST_UNSET_API_KEY","model_name":"m","model":"m"})");
    EXPECT_NE(message.find("CHROMA_CPP_TEST_UNSET_API_KEY"), std::string::npos) << message;
  }
  EXPECT_NE(message_of("openai", R"({"api_key_env_var":"AWS_SECRET_ACCESS_KEY"})").find("AWS_SECRET"),
            std::string::npos);
  EXPECT_NE(message_of("ollama", R"({"url":5})").find("/url"), std::string::npos);
}

}  // namespace
