#pragma once

/// @file
/// What an observer is told of every attempt.

#include <chroma/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace chroma {

/// One attempt of one call: a request that was sent, or that could not be, and what came of it.
///
/// The crate's two metrics follow from it: `chroma_client_request_latency_ms` is a histogram of `duration`
/// over attempts with a `status`, by `operation` and `status`; `chroma_client_retry_count` counts attempts
/// with a `retry_delay`, by `operation`.
struct AttemptEvent {
  std::string_view operation;           ///< For example "collection_get".
  std::string_view method;              ///< HTTP method.
  std::size_t attempt = 1;              ///< 1 for the first try.
  int status = 0;                       ///< HTTP status; 0 if no answer came.
  std::optional<Stage> failed_stage;    ///< Set when no complete answer came.
  std::uint64_t bytes_sent = 0;         ///< Request head and body, as far as written.
  std::uint64_t bytes_received = 0;     ///< Response head and body.
  std::chrono::nanoseconds duration{};  ///< From taking a connection to the end of the answer.
  bool connection_reused = false;       ///< True if the connection had served a request before.
  std::optional<std::chrono::milliseconds> retry_delay;  ///< Set if another attempt follows after this wait.
};

/// Called once after every attempt, on the thread that ran it; the views are valid during the call. It must
/// be callable from several threads at once and must not throw: an exception is swallowed and logged.
using Observer = std::function<void(const AttemptEvent&)>;

}  // namespace chroma
