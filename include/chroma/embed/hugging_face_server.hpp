#pragma once

/// @file
/// Embeddings of a server that runs Hugging Face Text Embeddings Inference (TEI), dense and sparse.

#include <chroma/embed/http_options.hpp>
#include <chroma/embedding_function.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma::embed {

/// Settings of `HuggingFaceServerEmbeddingFunction` and `HuggingFaceServerSparseEmbeddingFunction`.
struct CHROMA_API HuggingFaceServerOptions : HttpEmbeddingOptions {
  HuggingFaceServerOptions() = default;

  /// The URL to which requests are sent, for example `http://localhost:8080/embed`. To a URL without a path
  /// the dense function appends `/embed` and the sparse one `/embed_sparse`.
  std::string url = "http://localhost:8080";
  /// The key with which the server was started, a secret. Empty: the value of the environment variable
  /// `api_key_env_var`, or no key.
  std::string api_key;
  /// The environment variable that holds the key if `api_key` is empty; an empty name reads none.
  std::string api_key_env_var;
  /// False: a text that is longer than the model's limit is an error that names the text. True: the server
  /// cuts it. Unset: the server's setting, which is false up to version 1.8 and true since.
  std::optional<bool> truncate = false;
  /// Whether vectors are scaled to length 1; for dense functions only. False is required for `/embed` of a
  /// SPLADE model.
  bool normalize = true;
  /// Key of the prompt of the model's configuration that the server puts before each text, for example
  /// "passage"; empty: the server's setting.
  std::string prompt_name;
  std::string query_prompt_name;  ///< The same for queries; empty: `prompt_name`.
  /// Length of the vectors, for models that can shorten them and servers since 1.8; for dense functions only.
  std::optional<std::size_t> dimensions;
};

/// Dense vectors of a TEI server. Documents and queries are embedded alike unless `query_prompt_name` is set.
///
/// The first call asks the server for its limits (`GET /info`): how many texts one request may have, and how
/// many may be under way, which holds for all calls of the object and its copies together: a request waits,
/// until the deadline of its call, for earlier ones to end. If the server does not say so within 5 s, a
/// request has at most 32 texts, and 512 may be under way. A request has at most 1.5 MB of text.
///
/// Errors, retries and cancellation: as `OpenAiEmbeddingFunction`. If a text is too long, the server does not
/// say which one it is; the function sends parts of the request again until it can name the text.
///
/// Thread safety: distinct objects may be used from any thread, a const object from many at once. Copies
/// share the connections.
class CHROMA_API HuggingFaceServerEmbeddingFunction final : public DenseEmbeddingFunction {
 public:
  /// No I/O.
  /// @throws ChromaHttpClientOptionsError if an option is invalid
  explicit HuggingFaceServerEmbeddingFunction(boost::asio::any_io_executor executor,
                                              HuggingFaceServerOptions options = HuggingFaceServerOptions());

  /// One row for each text, in the order of the texts. Long lists are split.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_strs(std::vector<std::string> texts) const override;
  /// The same with `query_prompt_name`.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_query_strs(
      std::vector<std::string> texts) const override;

  /// Name `huggingface_server` with `url` and `api_key_env_var`, as Python reads it. The other options have
  /// no place in the configuration that the clients share.
  [[nodiscard]] std::optional<EmbeddingFunctionConfiguration> configuration() const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Sparse vectors of a TEI server that runs a SPLADE model. What is said of
/// `HuggingFaceServerEmbeddingFunction` holds here. It has no configuration, because the clients share none
/// for it.
class CHROMA_API HuggingFaceServerSparseEmbeddingFunction final : public SparseEmbeddingFunction {
 public:
  /// No I/O.
  /// @throws ChromaHttpClientOptionsError if an option is invalid
  explicit HuggingFaceServerSparseEmbeddingFunction(
      boost::asio::any_io_executor executor, HuggingFaceServerOptions options = HuggingFaceServerOptions());

  /// One vector for each text, in the order of the texts. Long lists are split.
  [[nodiscard]] boost::asio::awaitable<std::vector<SparseVector>> embed_strs(
      std::vector<std::string> texts) const override;
  /// The same with `query_prompt_name`.
  [[nodiscard]] boost::asio::awaitable<std::vector<SparseVector>> embed_query_strs(
      std::vector<std::string> texts) const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace chroma::embed
