#pragma once

#include "core/buffer.hpp"

#include <chroma/embed/chroma_cloud.hpp>
#include <chroma/embeddings.hpp>
#include <chroma/sparse_vector.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::embed::chroma_cloud {

[[nodiscard]] core::Buffer write_qwen_request(const std::string& instructions,
                                              std::span<const std::string> texts);
/// @throws ChromaHttpClientError of kind SerdeError
[[nodiscard]] Embeddings read_qwen_response(std::string_view body);

[[nodiscard]] core::Buffer write_splade_request(bool include_tokens, std::span<const std::string> texts);
/// The vectors with ascending indices.
/// @param include_tokens whether tokens are kept
/// @throws ChromaHttpClientError of kind SerdeError
[[nodiscard]] std::vector<SparseVector> read_splade_response(std::string_view body, bool include_tokens);

}  // namespace chroma::embed::chroma_cloud
