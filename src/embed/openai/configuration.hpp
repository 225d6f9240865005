#pragma once

#include <chroma/embed/openai.hpp>
#include <chroma/index_config.hpp>

namespace chroma::embed::openai {

inline constexpr const char* public_api_base = "https://api.openai.com/v1";

/// The function `openai` of the JSON schemas that all clients share.
[[nodiscard]] EmbeddingFunctionConfiguration write_configuration(const OpenAiOptions& options);

/// Members that are absent from the configuration have the Python client's defaults.
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[nodiscard]] OpenAiOptions read_configuration(const EmbeddingFunctionConfiguration& configuration);

}  // namespace chroma::embed::openai
