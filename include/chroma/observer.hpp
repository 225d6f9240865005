#pragma once

/// @file
/// `Observer`: a callback for each attempt of a request, for metrics and tracing.

#include <chroma/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace chroma {

/// One attempt of one call and its outcome. More members may be added.
///
/// The two metrics of the Rust crate can be computed from it: `chroma_client_request_latency_ms` is a
/// histogram of `duration` over the attempts with a `status`, by `operation` and `status`;
/// `chroma_client_retry_count` counts the attempts with a `retry_delay`, by `operation`.
struct AttemptEvent {
  std::string_view operation;         ///< The name of the operation, for example "collection_get".
  std::string_view method;            ///< The HTTP method.
  std::size_t attempt = 1;            ///< The number of the attempt in its call, counted from 1.
  int status = 0;                     ///< The HTTP status; 0 if there was no complete response.
  std::optional<Stage> failed_stage;  ///< The step that failed; unset if there was a complete response.
  std::uint64_t bytes_sent = 0;       ///< Bytes of the request that were written, head and body.
  std::uint64_t bytes_received = 0;   ///< Bytes of the response, head and body.
  /// Time from when the call has a connection of the pool, which may have to be opened, to the end of the
  /// response. Waiting for the pool does not count.
  std::chrono::nanoseconds duration{};
  bool connection_reused = false;  ///< True if the connection was open before the attempt.
  /// The wait before the next attempt of the call; unset if this is the last one.
  std::optional<std::chrono::milliseconds> retry_delay;
};

/// Called once after each attempt, on the thread that ran it, possibly from several threads at the same time.
/// The views are valid during the call. It must not block and must not throw; an exception is logged at
/// `error` and otherwise ignored.
using Observer = std::function<void(const AttemptEvent&)>;

}  // namespace chroma
