#include "transport/connect_watchdog.hpp"

#include <utility>

namespace chroma::transport {

void ConnectWatchdog::watch(std::shared_ptr<SharedSocket> socket, Clock::time_point when) {
  state_->socket = std::move(socket);
  state_->expired = false;
  state_->timer.expires_at(when);
  state_->timer.async_wait([state = state_](error_code failure) {
    // A wait that had ended before the time was set again arrives here without a failure.
    if (failure || state->socket == nullptr || Clock::now() < state->timer.expiry()) return;
    state->expired = true;
    const std::lock_guard lock(state->socket->mutex);
    error_code ignored;
    state->socket->socket.close(ignored);
  });
}

void ConnectWatchdog::release() noexcept {
  state_->socket = nullptr;
  state_->timer.cancel();
}

}  // namespace chroma::transport
