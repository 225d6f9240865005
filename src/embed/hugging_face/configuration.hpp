#pragma once

#include <chroma/embed/hugging_face_server.hpp>
#include <chroma/index_config.hpp>

namespace chroma::embed::hugging_face {

[[nodiscard]] EmbeddingFunctionConfiguration write_configuration(const HuggingFaceServerOptions& options);

/// The options send what Python sends: to the URL as it stands, without `truncate`.
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[nodiscard]] HuggingFaceServerOptions read_configuration(
    const EmbeddingFunctionConfiguration& configuration);

}  // namespace chroma::embed::hugging_face
