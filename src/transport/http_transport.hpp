#pragma once

#include "transport/connector.hpp"
#include "transport/http_message.hpp"
#include "transport/url.hpp"

#include <chroma/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace chroma::transport {

/// What the transport needs to know of the client's options.
struct TransportOptions {
  Origin origin;
  Headers headers;  ///< Sent with every request, unless it has one of the same name. May hold secrets.
  std::size_t max_connections = 64;
  std::chrono::milliseconds idle_timeout{30'000};
  std::chrono::milliseconds connect_timeout{10'000};
  std::size_t max_response_bytes = std::size_t(1) << 30;
  Observer observer;
  Logger logger;
};

/// The clock, the timers and the random numbers of a transport. Tests set them, so that no test waits.
struct TransportHooks {
  /// Waits until the given time; throws operation_aborted when cancelled. Unset: a steady timer.
  std::function<asio::awaitable<void>(Clock::time_point)> sleep_until;
  /// Evenly distributed in [0, 1). Unset: std::mt19937_64.
  std::function<double()> random;
  /// Unset: Clock::now, and `schedule` is an IdleTimer.
  std::function<Clock::time_point()> now;
  /// See PoolOptions::schedule.
  std::function<void(Clock::time_point, std::function<void()>)> schedule;
};

/// Requests to one origin: connection pool, exchange, redirects and retries under one deadline.
/// Thread-safe; calls may come from any executor. Destroying it while calls run is safe: they end on their
/// own.
class HttpTransport {
 public:
  HttpTransport(asio::any_io_executor executor, std::unique_ptr<Connector> connector,
                TransportOptions options, TransportHooks hooks = {});
  ~HttpTransport();

  /// Sends the request and gives back the final response, whatever its status. The coroutine owns all that it
  /// needs; it may outlive the transport.
  /// @throws ChromaHttpClientError with RequestError, operation and attempts set, if no response came
  [[nodiscard]] asio::awaitable<HttpResponse> request(HttpRequest request, CallLimits limits) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace chroma::transport
