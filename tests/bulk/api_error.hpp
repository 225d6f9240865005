#pragma once

#include <chroma/error.hpp>

#include <string>
#include <utility>

namespace chroma::bulk {

/// The error of a response with this status.
inline ChromaHttpClientError api_error(int status, std::string message = "") {
  ApiError error;
  error.status = status;
  error.message = std::move(message);
  return ChromaHttpClientError(std::move(error));
}

}  // namespace chroma::bulk
