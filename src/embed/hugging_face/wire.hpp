#pragma once

#include "core/buffer.hpp"

#include <chroma/embed/hugging_face_server.hpp>
#include <chroma/embeddings.hpp>
#include <chroma/sparse_vector.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::embed::hugging_face {

/// @param prompt_name not sent if it is empty
[[nodiscard]] core::Buffer write_dense_request(const HuggingFaceServerOptions& options,
                                               const std::string& prompt_name,
                                               std::span<const std::string> texts);
[[nodiscard]] core::Buffer write_sparse_request(const HuggingFaceServerOptions& options,
                                                const std::string& prompt_name,
                                                std::span<const std::string> texts);

/// @throws ChromaHttpClientError of kind SerdeError
[[nodiscard]] Embeddings read_dense_response(std::string_view body);
/// @throws ChromaHttpClientError of kind SerdeError
[[nodiscard]] std::vector<SparseVector> read_sparse_response(std::string_view body);

/// The members of `/info` that the function uses, with the defaults of the server for absent ones.
struct Info {
  std::size_t max_client_batch_size = 32;
  std::size_t max_concurrent_requests = 512;  ///< Each text of a request counts as one.
};

/// @throws ChromaHttpClientError of kind SerdeError
[[nodiscard]] Info read_info(std::string_view body);

}  // namespace chroma::embed::hugging_face
