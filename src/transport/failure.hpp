#pragma once

#include <chroma/error.hpp>

#include <string>
#include <system_error>
#include <utility>

namespace chroma::transport {

/// Ends a call without a response.
[[noreturn]] inline void fail(Stage stage, std::error_code code, std::string message) {
  throw ChromaHttpClientError(RequestError{stage, code, std::move(message)});
}

}  // namespace chroma::transport
