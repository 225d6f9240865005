#pragma once

/// @file
/// Embeddings of OpenAI, Azure OpenAI and every server that has the route `/v1/embeddings`.

#include <chroma/embed/http_options.hpp>
#include <chroma/embedding_function.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma::embed {

/// Settings of `OpenAiEmbeddingFunction`.
struct CHROMA_API OpenAiOptions : HttpEmbeddingOptions {
  OpenAiOptions() = default;

  /// Base URL with the version, for example `http://localhost:8080/v1`; requests go to `api_base` +
  /// `/embeddings`. A URL without a path gets `/v1`. For Azure the resource: `https://name.openai.azure.com`.
  std::string api_base = "https://api.openai.com/v1";
  /// Name of the model. OpenAI requires it; a local server that has one model accepts an empty name, which is
  /// not sent.
  std::string model;
  /// The key, a secret. Empty: the value of the environment variable `api_key_env_var`.
  std::string api_key;
  /// The environment variable that holds the key if `api_key` is empty. A collection keeps this name and
  /// never the key. If the variable is unset too, a server other than OpenAI's and Azure's is called without
  /// a key.
  std::string api_key_env_var = "OPENAI_API_KEY";
  /// Length of the vectors, for models that can shorten them; at least 1. Unset: the model's own.
  std::optional<std::size_t> dimensions;
  std::string organization;   ///< Header `openai-organization`; empty sends none.
  std::string project;        ///< Header `openai-project`; empty sends none.
  std::string user;           ///< Member `user` of the requests; empty sends none.
  std::string deployment_id;  ///< Azure: the deployment, not "." or "..". Set it and `api_version` together.
  std::string api_version;    ///< Azure: for example `2024-10-21`.
};

/// Calls a server that has OpenAI's interface: OpenAI, Azure OpenAI, llama.cpp, vLLM, Ollama, LM Studio,
/// LocalAI, Text Embeddings Inference and others. Documents and queries are embedded alike.
///
/// It sends at most 2048 texts and 600 kB of text in one request. It asks for base64 and understands numbers;
/// a server that refuses the member `encoding_format` is asked for numbers from then on. OpenAI and Azure
/// refuse empty texts, so for them an empty text is an error before anything is sent.
///
/// Errors: `EmbeddingFunctionError` if the service refuses the texts or its response is not as it must be,
/// `RequestError` for the connection, `ValidationError` for an empty text.
///
/// Thread safety: distinct objects may be used from any thread, a const object from many at once. Copies
/// share the connections.
class CHROMA_API OpenAiEmbeddingFunction final : public DenseEmbeddingFunction {
 public:
  /// No I/O.
  /// @param executor runs the connections
  /// @throws ChromaHttpClientOptionsError if an option is invalid, or if OpenAI or Azure is called without a
  /// key or OpenAI without a model
  explicit OpenAiEmbeddingFunction(boost::asio::any_io_executor executor,
                                   OpenAiOptions options = OpenAiOptions());

  /// One row for each text, in the order of the texts. Long lists are split.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_strs(std::vector<std::string> texts) const override;

  /// Name `openai`, as Python reads it, and JavaScript except for Azure.
  [[nodiscard]] std::optional<EmbeddingFunctionConfiguration> configuration() const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace chroma::embed
