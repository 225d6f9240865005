#pragma once

#include "client/single_flight.hpp"

#include <chroma/responses.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>

namespace chroma::detail {

/// What a backend's pre-flight response said, fetched once for all calls. Thread-safe.
struct PreFlight {
  using Checks = SingleFlight<PreFlightChecks>;

  std::shared_ptr<Checks> checks = std::make_shared<Checks>();
  /// How many numbers of embeddings were written before the checks were worth a request.
  std::atomic<std::size_t> floats_written = 0;
  /// After a failed fetch, the time before which it is not repeated.
  std::atomic<std::chrono::steady_clock::time_point> retry_at{};
};

struct Call;

/// Whether a write whose embeddings hold `floats` numbers is to send them as base64: what the options say, or
/// else what the backend's pre-flight response says. That is fetched once, when the writes of all handles
/// have held so many numbers that base64 saves more than the request costs. A failed fetch never fails the
/// write, which then sends numbers.
/// @throws ChromaHttpClientError with RequestError (cancelled) when the call is cancelled
[[nodiscard]] boost::asio::awaitable<bool> writes_base64(Call call, std::size_t floats);

}  // namespace chroma::detail
