#pragma once

/// @file
/// Embeddings of an Ollama server by its own interface.

#include <chroma/embed/http_options.hpp>
#include <chroma/embedding_function.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma::embed {

/// Settings of `OllamaEmbeddingFunction`. `request_timeout` is 5 minutes by default, because the first call
/// loads the model.
struct CHROMA_API OllamaOptions : HttpEmbeddingOptions {
  OllamaOptions();

  /// The server. Without a scheme it is http, and without a port 11434; with a scheme the port is the
  /// scheme's unless it is given.
  std::string host = "http://localhost:11434";
  std::string model;  ///< Name of the model, for example `nomic-embed-text`. Required.
  /// False: a text that is longer than the model's context is an error. Unset or true: the server cuts it.
  std::optional<bool> truncate;
  std::optional<std::size_t> dimensions;  ///< Length of the vectors, for models that can shorten them.
  std::string
      keep_alive;  ///< How long the model stays loaded, for example "10m"; empty: the server's setting.
};

/// Calls `/api/embed` of an Ollama server, of version 0.2.6 or newer. Documents and queries are embedded
/// alike. The server embeds the texts of a request one after the other, so that a request has 32 texts unless
/// `max_texts` says otherwise.
///
/// Errors: as `OpenAiEmbeddingFunction`; an error for a model that is missing, or that cannot embed, says
/// what to do.
///
/// Thread safety: distinct objects may be used from any thread, a const object from many at once. Copies
/// share the connections.
class CHROMA_API OllamaEmbeddingFunction final : public DenseEmbeddingFunction {
 public:
  /// No I/O.
  /// @throws ChromaHttpClientOptionsError if an option is invalid or the model is not set
  explicit OllamaEmbeddingFunction(boost::asio::any_io_executor executor, OllamaOptions options);

  /// One row for each text, in the order of the texts. Long lists are split.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_strs(std::vector<std::string> texts) const override;

  /// Name `ollama`, as Python and JavaScript read it.
  [[nodiscard]] std::optional<EmbeddingFunctionConfiguration> configuration() const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace chroma::embed
