#pragma once

/// @file
/// Embeddings of Chroma Cloud: dense ones by Qwen, sparse ones by Splade.

#include <chroma/embed/http_options.hpp>
#include <chroma/embedding_function.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chroma::embed {

/// What both functions of Chroma Cloud need.
struct CHROMA_API ChromaCloudEmbeddingOptions : HttpEmbeddingOptions {
  ChromaCloudEmbeddingOptions() = default;

  /// The key, a secret. Empty: the value of the environment variable `api_key_env_var`.
  std::string api_key;
  /// The environment variable that holds the key if `api_key` is empty. A collection keeps this name and
  /// never the key.
  std::string api_key_env_var = "CHROMA_API_KEY";
  /// URL of the service. Empty: the value of the environment variable `CHROMA_EMBED_URL` if it is set, else
  /// `https://embed.trychroma.com`.
  std::string embed_url;
};

/// The instructions for one task, which are sent to the model together with the texts.
struct CHROMA_API ChromaCloudQwenInstructions {
  ChromaCloudQwenInstructions() = default;
  ChromaCloudQwenInstructions(std::string for_documents, std::string for_queries)
      : documents(std::move(for_documents)), query(std::move(for_queries)) {}

  std::string documents;  ///< Sent with documents.
  std::string query;      ///< Sent with queries.

  friend bool operator==(const ChromaCloudQwenInstructions&, const ChromaCloudQwenInstructions&) = default;
};

/// Settings of `ChromaCloudQwenEmbeddingFunction`.
struct CHROMA_API ChromaCloudQwenOptions : ChromaCloudEmbeddingOptions {
  /// With the instructions for the task `nl_to_code`: questions about coding.
  ChromaCloudQwenOptions();

  std::string model = "Qwen/Qwen3-Embedding-0.6B";  ///< The only model that the service has at present.
  /// Selects the instructions; empty, or without an entry in `instructions`: none are sent.
  std::string task;
  std::map<std::string, ChromaCloudQwenInstructions> instructions;  ///< By task.
};

/// Dense vectors of Chroma Cloud. Documents and queries are sent with the instructions of the task.
///
/// A request has at most 128 texts unless `max_texts` says otherwise, and 1 MB of text.
///
/// Errors, retries and cancellation: as `OpenAiEmbeddingFunction`.
///
/// Thread safety: distinct objects may be used from any thread, a const object from many at once. Copies
/// share the connections.
class CHROMA_API ChromaCloudQwenEmbeddingFunction final : public DenseEmbeddingFunction {
 public:
  /// No I/O.
  /// @throws ChromaHttpClientOptionsError if an option is invalid or there is no key
  explicit ChromaCloudQwenEmbeddingFunction(boost::asio::any_io_executor executor,
                                            ChromaCloudQwenOptions options = ChromaCloudQwenOptions());

  /// One row for each text, in the order of the texts. Long lists are split.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_strs(std::vector<std::string> texts) const override;
  /// The same with the instructions for queries.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_query_strs(
      std::vector<std::string> texts) const override;

  /// Name `chroma-cloud-qwen`, as the Rust crate, Python and JavaScript read it.
  [[nodiscard]] std::optional<EmbeddingFunctionConfiguration> configuration() const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Settings of `ChromaCloudSpladeEmbeddingFunction`.
struct CHROMA_API ChromaCloudSpladeOptions : ChromaCloudEmbeddingOptions {
  ChromaCloudSpladeOptions() = default;

  std::string model = "prithivida/Splade_PP_en_v1";  ///< The only model that the service has at present.
  bool include_tokens = false;  ///< Whether the vectors hold the tokens of their indices.
};

/// Sparse vectors of Chroma Cloud. Documents and queries are embedded alike. What is said of
/// `ChromaCloudQwenEmbeddingFunction` about limits, errors and thread safety holds here.
class CHROMA_API ChromaCloudSpladeEmbeddingFunction final : public SparseEmbeddingFunction {
 public:
  /// No I/O.
  /// @throws ChromaHttpClientOptionsError if an option is invalid or there is no key
  explicit ChromaCloudSpladeEmbeddingFunction(boost::asio::any_io_executor executor,
                                              ChromaCloudSpladeOptions options = ChromaCloudSpladeOptions());

  /// One vector for each text, in the order of the texts. Long lists are split.
  [[nodiscard]] boost::asio::awaitable<std::vector<SparseVector>> embed_strs(
      std::vector<std::string> texts) const override;

  /// Name `chroma-cloud-splade`, as the Rust crate, Python and JavaScript read it.
  [[nodiscard]] std::optional<EmbeddingFunctionConfiguration> configuration() const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace chroma::embed
