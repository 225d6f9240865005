#pragma once

#include <chroma/embed/chroma_cloud.hpp>
#include <chroma/index_config.hpp>

namespace chroma::embed::chroma_cloud {

[[nodiscard]] EmbeddingFunctionConfiguration write_configuration(const ChromaCloudQwenOptions& options);
[[nodiscard]] EmbeddingFunctionConfiguration write_configuration(const ChromaCloudSpladeOptions& options);

/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[nodiscard]] ChromaCloudQwenOptions read_qwen_configuration(
    const EmbeddingFunctionConfiguration& configuration);
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[nodiscard]] ChromaCloudSpladeOptions read_splade_configuration(
    const EmbeddingFunctionConfiguration& configuration);

}  // namespace chroma::embed::chroma_cloud
