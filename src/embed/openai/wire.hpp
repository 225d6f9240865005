#pragma once

#include "core/buffer.hpp"

#include <chroma/embed/openai.hpp>
#include <chroma/embeddings.hpp>

#include <span>
#include <string>
#include <string_view>

namespace chroma::embed::openai {

/// The body of a request.
/// @param base64 whether to ask for base64 instead of numbers
[[nodiscard]] core::Buffer write_request(const OpenAiOptions& options, std::span<const std::string> texts,
                                         bool base64);

/// The vectors of a response in the order of their members `index`, or as they stand if none has one. Each
/// may be an array of numbers or base64.
/// @throws ChromaHttpClientError of kind SerdeError
[[nodiscard]] Embeddings read_response(std::string_view body);

}  // namespace chroma::embed::openai
