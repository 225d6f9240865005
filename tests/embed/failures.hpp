#pragma once

#include <chroma/error.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace test {

/// What `action` throws; fails if it throws no `ChromaHttpClientError`.
inline chroma::ChromaHttpClientError error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const chroma::ChromaHttpClientError& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return chroma::ChromaHttpClientError(chroma::NoBackendAvailable());
}

/// The part of an error that describes a failed embedding function; fails if it is another kind.
inline chroma::EmbeddingFunctionError embedding_error_of(const std::function<void()>& action) {
  const auto error = error_of(action);
  if (const auto* embedding = error.get_if<chroma::EmbeddingFunctionError>()) return *embedding;
  ADD_FAILURE() << "an error of another kind: " << error.what();
  return {};
}

}  // namespace test
