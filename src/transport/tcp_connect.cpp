// From a name to a connected socket.

#include "transport/tcp_connect.hpp"

#include "transport/failure.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <utility>
#include <vector>

namespace chroma::transport {
namespace {

struct Lookup {
  explicit Lookup(const asio::any_io_executor& strand) : done(strand) {}

  asio::steady_timer done;  ///< Ends early when there is a result.
  bool finished = false;
  error_code failure;
  Endpoints addresses;
};

// The resolver lives in what is returned, and its handler does not keep it: letting go of it gives up.
std::shared_ptr<void> resolve_by_system(const asio::any_io_executor& strand, const std::string& host,
                                        std::uint16_t port, NetworkEnvironment::Found found) {
  auto resolver = std::make_shared<tcp::resolver>(strand);
  resolver->async_resolve(
      host, std::to_string(port), tcp::resolver::numeric_service,
      [found = std::move(found)](error_code failure, tcp::resolver::results_type results) {
        found(failure, Endpoints(results.begin(), results.end()));
      });
  return resolver;
}

std::string quoted_text(const tcp::endpoint& address) {
  Origin origin;
  origin.host = address.address().to_string();
  origin.port = address.port();
  return origin.authority();
}

// "is the server running there?" and its kin.
std::string advice(const error_code& failure) {
  if (failure == asio::error::connection_refused) {
    return ": is the server running there, and are host and port right?";
  }
  if (failure == asio::error::timed_out) return ": is the address right, and does a firewall let it through?";
  if (failure == asio::error::network_unreachable || failure == asio::error::host_unreachable) {
    return ": is this machine on that network?";
  }
  return ": are host and port right?";
}

std::string reason_text(const error_code& failure) {
  if (failure == asio::error::connection_refused) return "refused";
  if (failure == asio::error::timed_out) return "no answer in time";
  return failure.message();
}

struct FailedAddress {
  tcp::endpoint address;
  error_code failure;
};

[[noreturn]] void fail_to_connect(const Destination& peer, const std::vector<FailedAddress>& failed,
                                  bool timed_out) {
  const FailedAddress& last = failed.back();
  const Stage stage = timed_out ? Stage::timeout : Stage::connect;
  if (failed.size() == 1) {
    const std::string address = quoted_text(last.address);
    std::string text = "connect to " + peer.name;
    if (address != peer.origin.authority()) text += " (" + address + ")";
    const bool refused = last.failure == asio::error::connection_refused;
    text += refused ? " refused" : " failed: " + reason_text(last.failure);
    fail(stage, last.failure, text + advice(last.failure));
  }
  std::string text = "connect to " + peer.name + " failed at every address";
  for (const auto& each : failed) {
    text += (&each == &failed.front() ? ": " : ", ") + quoted_text(each.address) + " " +
            reason_text(each.failure);
  }
  fail(stage, last.failure, text + advice(last.failure));
}

// When to give up on the next of `left` addresses.
Clock::time_point share_of(Clock::time_point deadline, std::size_t left) {
  if (deadline == Clock::time_point::max()) return deadline;
  const auto now = Clock::now();
  return deadline <= now ? now : now + (deadline - now) / static_cast<Clock::rep>(left);
}

}  // namespace

void ConnectWatchdog::watch(tcp::socket& socket, Clock::time_point when) {
  state_->socket = &socket;
  state_->expired = false;
  state_->timer.expires_at(when);
  state_->timer.async_wait([state = state_](error_code failure) {
    // A wait that was over before the time was set anew arrives here without a failure.
    if (failure || state->socket == nullptr || Clock::now() < state->timer.expiry()) return;
    state->expired = true;
    error_code ignored;
    state->socket->close(ignored);
  });
}

void ConnectWatchdog::release() noexcept {
  state_->socket = nullptr;
  state_->timer.cancel();
}

asio::awaitable<Endpoints> resolve(asio::any_io_executor strand, const NetworkEnvironment& environment,
                                   Destination peer, Clock::time_point deadline) {
  error_code failure;
  if (const auto address = asio::ip::make_address(peer.origin.host, failure); !failure) {
    co_return Endpoints(1, tcp::endpoint(address, peer.origin.port));
  }
  auto lookup = std::make_shared<Lookup>(strand);
  lookup->done.expires_at(deadline);
  const NetworkEnvironment::Found found = [lookup](error_code failed, Endpoints addresses) {
    lookup->finished = true;
    lookup->failure = failed;
    lookup->addresses = std::move(addresses);
    lookup->done.cancel();
  };
  const auto running = environment.resolve
                           ? environment.resolve(strand, peer.origin.host, peer.origin.port, found)
                           : resolve_by_system(strand, peer.origin.host, peer.origin.port, found);
  co_await lookup->done.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (!lookup->finished && failure == asio::error::operation_aborted) {
    fail(Stage::cancelled, failure, "cancelled while resolving " + peer.origin.host);
  }
  if (!lookup->finished) {
    fail(Stage::timeout, error_code(asio::error::timed_out),
         "resolving " + peer.origin.host + " took too long: does this machine's name service answer?");
  }
  if (lookup->failure || lookup->addresses.empty()) {
    const error_code cause = lookup->failure ? lookup->failure : error_code(asio::error::host_not_found);
    fail(Stage::resolve, cause,
         "no address found for " + peer.origin.host + " (" + cause.message() +
             "): is the host's name right, and does this machine's name service know it?");
  }
  co_return std::move(lookup->addresses);
}

asio::awaitable<tcp::socket> connect_to_any(asio::any_io_executor strand, Endpoints addresses,
                                            Destination peer, Clock::time_point deadline) {
  std::vector<FailedAddress> failed;
  tcp::socket socket(strand);
  ConnectWatchdog watchdog(strand);
  bool timed_out = false;
  for (std::size_t i = 0; i < addresses.size() && !timed_out; ++i) {
    error_code failure;
    bool expired = false;
    socket.open(addresses[i].protocol(), failure);
    if (!failure) {
      watchdog.watch(socket, share_of(deadline, addresses.size() - i));
      co_await socket.async_connect(addresses[i], asio::redirect_error(asio::use_awaitable, failure));
      expired = watchdog.expired();
    }
    if (!failure && !expired) {
      watchdog.release();
      co_return std::move(socket);
    }
    if (failure == asio::error::operation_aborted && !expired) {
      fail(Stage::cancelled, failure, "cancelled while connecting to " + peer.name);
    }
    if (expired) failure = asio::error::timed_out;
    failed.push_back(FailedAddress{addresses[i], failure});
    timed_out = Clock::now() >= deadline;
    socket.close(failure);
  }
  fail_to_connect(peer, failed, timed_out);
}

}  // namespace chroma::transport
