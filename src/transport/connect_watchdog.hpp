#pragma once

#include "transport/clock.hpp"
#include "transport/socket_stream.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace chroma::transport {

/// Closes a socket at a deadline. Lives in the coroutine that works on the socket.
class ConnectWatchdog {
 public:
  explicit ConnectWatchdog(const asio::any_io_executor& strand) : state_(std::make_shared<State>(strand)) {}
  ConnectWatchdog(const ConnectWatchdog&) = delete;
  ConnectWatchdog& operator=(const ConnectWatchdog&) = delete;
  ~ConnectWatchdog() { release(); }

  /// From now on `socket` is closed at `when`. Replaces the socket that was watched before.
  void watch(std::shared_ptr<SharedSocket> socket, Clock::time_point when);
  void release() noexcept;
  /// True if it has closed the socket.
  [[nodiscard]] bool expired() const noexcept { return state_->expired; }

 private:
  struct State {
    explicit State(const asio::any_io_executor& strand) : timer(strand) {}
    asio::steady_timer timer;
    std::shared_ptr<SharedSocket> socket;
    bool expired = false;
  };
  std::shared_ptr<State> state_;
};

}  // namespace chroma::transport
