#pragma once

#include "core/buffer.hpp"

#include <chroma/embed/ollama.hpp>
#include <chroma/embeddings.hpp>

#include <span>
#include <string>
#include <string_view>

namespace chroma::embed::ollama {

/// The URL of the server as Ollama's own clients read it: "h" is http://h:11434.
[[nodiscard]] std::string server_url(std::string_view host);

[[nodiscard]] core::Buffer write_request(const OllamaOptions& options, std::span<const std::string> texts);

/// @throws ChromaHttpClientError of kind SerdeError
[[nodiscard]] Embeddings read_response(std::string_view body);

}  // namespace chroma::embed::ollama
