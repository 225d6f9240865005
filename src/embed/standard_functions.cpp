#include "embed/standard_functions.hpp"

#include "core/cloud_host.hpp"
#include "core/header_text.hpp"
#include "embed/chroma_cloud/configuration.hpp"
#include "embed/http/api_key.hpp"
#include "embed/http/settings.hpp"
#include "embed/hugging_face/configuration.hpp"
#include "embed/ollama/configuration.hpp"
#include "embed/openai/configuration.hpp"

#include <chroma/embed/chroma_cloud.hpp>
#include <chroma/embed/hugging_face_server.hpp>
#include <chroma/embed/ollama.hpp>
#include <chroma/embed/openai.hpp>
#include <chroma/options.hpp>

#include <memory>
#include <utility>

namespace chroma::embed {
namespace {

using Dense = std::shared_ptr<const DenseEmbeddingFunction>;
using Sparse = std::shared_ptr<const SparseEmbeddingFunction>;

/// Uses the key of a client of Chroma Cloud if the variable is not set: the embedding service accepts the
/// same keys. The key of another server is not sent there.
void take_client_key(ChromaCloudEmbeddingOptions& options, const ChromaHttpClientOptions& client) {
  if (!find_api_key(options.api_key, options.api_key_env_var).empty()) return;
  if (!core::is_cloud_url(client.endpoint)) return;
  if (core::same_header_name(client.auth_method.name(), "x-chroma-token")) {
    options.api_key = client.auth_method.value();
  }
}

Dense build_openai(const EmbeddingFunctionConfiguration& configuration, const FactoryContext& context) {
  auto options = openai::read_configuration(configuration);
  take_client_options(options, context.options);
  return std::make_shared<const OpenAiEmbeddingFunction>(context.executor, std::move(options));
}

Dense build_ollama(const EmbeddingFunctionConfiguration& configuration, const FactoryContext& context) {
  auto options = ollama::read_configuration(configuration);
  const auto timeout = options.request_timeout;  // Is part of the configuration.
  take_client_options(options, context.options);
  options.request_timeout = timeout;
  return std::make_shared<const OllamaEmbeddingFunction>(context.executor, std::move(options));
}

Dense build_hugging_face_server(const EmbeddingFunctionConfiguration& configuration,
                                const FactoryContext& context) {
  auto options = hugging_face::read_configuration(configuration);
  take_client_options(options, context.options);
  return std::make_shared<const HuggingFaceServerEmbeddingFunction>(context.executor, std::move(options));
}

Dense build_qwen(const EmbeddingFunctionConfiguration& configuration, const FactoryContext& context) {
  auto options = chroma_cloud::read_qwen_configuration(configuration);
  take_client_options(options, context.options);
  take_client_key(options, context.options);
  return std::make_shared<const ChromaCloudQwenEmbeddingFunction>(context.executor, std::move(options));
}

Sparse build_splade(const EmbeddingFunctionConfiguration& configuration, const FactoryContext& context) {
  auto options = chroma_cloud::read_splade_configuration(configuration);
  take_client_options(options, context.options);
  take_client_key(options, context.options);
  return std::make_shared<const ChromaCloudSpladeEmbeddingFunction>(context.executor, std::move(options));
}

}  // namespace

const std::map<std::string, Registry::DenseFactory>& standard_dense_functions() {
  static const std::map<std::string, Registry::DenseFactory> all = {
      {"chroma-cloud-qwen", build_qwen},
      {"chroma_cloud", build_qwen},                       // As the Go client names it.
      {"huggingface-server", build_hugging_face_server},  // As JavaScript names it.
      {"huggingface_server", build_hugging_face_server},
      {"ollama", build_ollama},
      {"openai", build_openai},
  };
  return all;
}

const std::map<std::string, Registry::SparseFactory>& standard_sparse_functions() {
  static const std::map<std::string, Registry::SparseFactory> all = {{"chroma-cloud-splade", build_splade}};
  return all;
}

}  // namespace chroma::embed
