#pragma once

#include "transport/http_message.hpp"
#include "transport/network_environment.hpp"
#include "transport/socket_stream.hpp"
#include "transport/url.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>

namespace chroma::transport {

/// Closes a socket when its time is up. Lives in the coroutine that works on the socket.
class ConnectWatchdog {
 public:
  explicit ConnectWatchdog(const asio::any_io_executor& strand) : state_(std::make_shared<State>(strand)) {}
  ConnectWatchdog(const ConnectWatchdog&) = delete;
  ConnectWatchdog& operator=(const ConnectWatchdog&) = delete;
  ~ConnectWatchdog() { release(); }

  /// From now on `socket` is closed at `when`, in place of what was watched before.
  void watch(tcp::socket& socket, Clock::time_point when);
  void release() noexcept;
  /// True if it has closed the socket.
  [[nodiscard]] bool expired() const noexcept { return state_->expired; }

 private:
  struct State {
    explicit State(const asio::any_io_executor& strand) : timer(strand) {}
    asio::steady_timer timer;
    tcp::socket* socket = nullptr;
    bool expired = false;
  };
  std::shared_ptr<State> state_;
};

/// Whom to connect to, and what errors call it.
struct Destination {
  Origin origin;
  std::string name;  ///< "host:port" or "proxy host:port".
};

/// All addresses of the peer, in the system's order. Ends at the deadline and on cancellation although the
/// system's resolver cannot: it is then left to finish by itself.
/// @throws ChromaHttpClientError: resolve, timeout, cancelled
[[nodiscard]] asio::awaitable<Endpoints> resolve(asio::any_io_executor strand,
                                                 const NetworkEnvironment& environment, Destination peer,
                                                 Clock::time_point deadline);

/// A connection to the first address that takes one. An address that does not answer gets its share of the
/// time, so that the next ones have theirs.
/// @throws ChromaHttpClientError: connect, timeout, cancelled
[[nodiscard]] asio::awaitable<tcp::socket> connect_to_any(asio::any_io_executor strand, Endpoints addresses,
                                                          Destination peer, Clock::time_point deadline);

}  // namespace chroma::transport
