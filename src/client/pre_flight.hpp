#pragma once

#include "client/single_flight.hpp"

#include <chroma/responses.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>

namespace chroma::detail {

/// The pre-flight response of a backend, which is fetched once for all calls. Thread-safe.
struct PreFlight {
  using Checks = SingleFlight<PreFlightChecks>;

  std::shared_ptr<Checks> checks = std::make_shared<Checks>();
  /// The number of floats that were written as text, because the checks had not been fetched.
  std::atomic<std::size_t> floats_written = 0;
  /// After a failed fetch, the time before which it is not repeated.
  std::atomic<std::chrono::steady_clock::time_point> retry_at{};
};

struct Call;

/// Whether a write with `floats` numbers in its embeddings sends them as base64. The option
/// `embedding_encoding` decides, or else the pre-flight response of the backend. That response is fetched
/// once, as soon as the writes of all handles have had so many numbers that base64 saves more time than the
/// request takes. If the fetch fails, the write sends numbers.
/// @throws ChromaHttpClientError with RequestError (cancelled) when the call is cancelled
[[nodiscard]] boost::asio::awaitable<bool> writes_base64(Call call, std::size_t floats);

}  // namespace chroma::detail
