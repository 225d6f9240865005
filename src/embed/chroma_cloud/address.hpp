#pragma once

#include "embed/http/service.hpp"

#include <chroma/embed/chroma_cloud.hpp>

#include <cstddef>
#include <string>

namespace chroma::embed::chroma_cloud {

// The service does not publish its limits.
inline constexpr std::size_t most_texts = 128;
inline constexpr std::size_t most_bytes = 1'000'000;

/// Where the service is, with the headers of the key and the model.
/// @throws ChromaHttpClientOptionsError if there is no key
[[nodiscard]] ServiceAddress address_of(const ChromaCloudEmbeddingOptions& options, const std::string& model,
                                        std::string operation);

}  // namespace chroma::embed::chroma_cloud
