#pragma once

#include "core/buffer.hpp"
#include "transport/clock.hpp"

#include <chroma/options.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chroma::transport {

struct HttpResponse;

/// Whether a response is worth another attempt where its status alone does not say so; nothing: the status
/// decides.
using RetryRule = std::optional<bool> (*)(const HttpResponse& response);

/// One request. The transport adds host, content-length and the headers that are common to all requests.
struct HttpRequest {
  std::string operation;  ///< Label for errors, logs and the observer.
  std::string method;
  std::string target;  ///< Origin form, percent-encoded: "/api/v2/heartbeat?x=1".
  Headers headers;     ///< The request's own headers, content-type included.
  /// Sent with content-length if the method is not GET; null for an empty one. It is shared and not copied,
  /// so that the same bytes can be sent again or elsewhere. A connection may still read it when the caller
  /// has gone, for example because the caller's execution context was destroyed.
  std::shared_ptr<const core::Buffer> body;
  bool read_only = false;          ///< Safe to repeat after 5xx or a transport failure.
  RetryRule retry_rule = nullptr;  ///< Of the service that is called; null for none.
  /// A status of 400 or more that is a regular response and not retried; 0 for none.
  int expected_error_status = 0;

  [[nodiscard]] std::string_view body_view() const noexcept {
    return body ? body->view() : std::string_view();
  }
};

/// One complete response, whatever its status.
struct HttpResponse {
  int status = 0;
  Headers headers;
  core::Buffer body;
  std::size_t attempts = 1;

  /// The first header of that name, in any case of letters; empty if absent.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;

  /// The content coding of the body, for example "gzip", which no request asks for and nothing decodes; empty
  /// if the body is as the server wrote it.
  [[nodiscard]] std::string_view content_coding() const noexcept;
};

/// Deadline and retry policy of a call.
struct CallLimits {
  Clock::time_point deadline = Clock::time_point::max();  ///< Absolute, over all attempts; max is none.
  ChromaRetryOptions retry;
};

}  // namespace chroma::transport
