#pragma once

#include <chroma/embed/ollama.hpp>
#include <chroma/index_config.hpp>

namespace chroma::embed::ollama {

[[nodiscard]] EmbeddingFunctionConfiguration write_configuration(const OllamaOptions& options);

/// Members that the configuration lacks have the Python client's defaults, but for the timeout.
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[nodiscard]] OllamaOptions read_configuration(const EmbeddingFunctionConfiguration& configuration);

}  // namespace chroma::embed::ollama
