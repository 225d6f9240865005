#pragma once

#include <chroma/error.hpp>

#include <string>
#include <utility>

namespace chroma::embed::onnx {

/// @throws ChromaHttpClientError of kind EmbeddingFunctionError with this message
[[noreturn]] inline void fail(std::string message) {
  throw ChromaHttpClientError(EmbeddingFunctionError{std::move(message)});
}

}  // namespace chroma::embed::onnx
