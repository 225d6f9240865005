#pragma once

#include "core/buffer.hpp"

#include <chroma/options.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chroma::transport {

using Clock = std::chrono::steady_clock;

/// One request, as the layer above gives it. The transport adds host, content-length and connection handling.
struct HttpRequest {
  std::string operation;  ///< Label for errors, logs and the observer.
  std::string method;
  std::string target;      ///< Origin form, percent-encoded: "/api/v2/heartbeat?x=1".
  Headers headers;         ///< Everything else, content-type included.
  core::Buffer body;       ///< Sent with content-length if the method is not GET.
  bool read_only = false;  ///< Safe to repeat after 5xx or a transport failure.
  int answer_status = 0;   ///< An error's status that is an answer here, not worth a retry; 0 for none.
};

/// One complete answer, whatever its status.
struct HttpResponse {
  int status = 0;
  Headers headers;
  core::Buffer body;
  std::size_t attempts = 1;

  /// The first header of that name, in any case of letters; empty if absent.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// What a call may take.
struct CallLimits {
  Clock::time_point deadline = Clock::time_point::max();  ///< Absolute, over all attempts; max is none.
  ChromaRetryOptions retry;
};

}  // namespace chroma::transport
