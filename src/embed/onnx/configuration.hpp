#pragma once

#include <chroma/index_config.hpp>

namespace chroma::embed::onnx {

/// Checks that a persisted configuration means the model all-MiniLM-L6-v2: `model_name` is absent, null or
/// names it, with or without an owner in front. Other members are ignored.
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError, or SerdeError if it is no object
void require_mini_lm(const EmbeddingFunctionConfiguration& configuration);

}  // namespace chroma::embed::onnx
