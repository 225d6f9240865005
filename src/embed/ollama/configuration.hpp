#pragma once

#include <chroma/embed/ollama.hpp>
#include <chroma/index_config.hpp>

namespace chroma::embed::ollama {

[[nodiscard]] EmbeddingFunctionConfiguration write_configuration(const OllamaOptions& options);

/// Members that are absent from the configuration have the Python client's defaults, except the timeout.
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[nodiscard]] OllamaOptions read_configuration(const EmbeddingFunctionConfiguration& configuration);

}  // namespace chroma::embed::ollama
