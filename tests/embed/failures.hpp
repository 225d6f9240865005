#pragma once

#include <chroma/error.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace chroma::test {

/// The error that `action` throws. The test fails if it throws no `ChromaHttpClientError`.
inline chroma::ChromaHttpClientError error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const chroma::ChromaHttpClientError& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return chroma::ChromaHttpClientError(chroma::NoBackendAvailable());
}

/// The EmbeddingFunctionError of an error. The test fails if the error is of another kind.
inline chroma::EmbeddingFunctionError embedding_error_of(const std::function<void()>& action) {
  const auto error = error_of(action);
  if (const auto* embedding = error.get_if<chroma::EmbeddingFunctionError>()) return *embedding;
  ADD_FAILURE() << "an error of another kind: " << error.what();
  return {};
}

}  // namespace chroma::test
