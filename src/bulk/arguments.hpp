#pragma once

#include <chroma/error.hpp>

#include <memory>
#include <string>
#include <utility>

namespace chroma::bulk {

/// Throws a `ValidationError`.
[[noreturn]] inline void refuse(const char* field, std::string message) {
  throw ChromaHttpClientError(ValidationError{std::move(message), field});
}

/// @throws ChromaHttpClientError with ValidationError for a handle that has been moved from
template <class T>
[[nodiscard]] T& require(const std::shared_ptr<T>& handle) {
  if (!handle)
    refuse("handle", "the object is empty, because it has been moved from; assign another to it first");
  return *handle;
}

}  // namespace chroma::bulk
