#include "transport/connect_race.hpp"

#include "transport/failure.hpp"
#include "transport/socket_options.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chroma::transport {
namespace {

std::string address_text(const tcp::endpoint& address) {
  Origin origin;
  origin.host = address.address().to_string();
  origin.port = address.port();
  return origin.authority();
}

std::string connect_advice(const error_code& failure) {
  if (failure == asio::error::connection_refused) {
    return ": is the server running there, and are host and port right?";
  }
  if (failure == asio::error::timed_out) return ": is the address right, and does a firewall let it through?";
  if (failure == asio::error::network_unreachable || failure == asio::error::host_unreachable) {
    return ": is this machine on that network?";
  }
  if (failure == asio::error::no_descriptors) return descriptor_advice;
  return ": are host and port right?";
}

std::string reason_text(const error_code& failure) {
  if (failure == asio::error::connection_refused) return "refused";
  if (failure == asio::error::timed_out) return "no response in time";
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
    const std::string address = address_text(last.address);
    std::string text = "connect to " + peer.name();
    if (address != peer.origin.authority()) text += " (" + address + ")";
    const bool refused = last.failure == asio::error::connection_refused;
    text += refused ? " refused" : " failed: " + reason_text(last.failure);
    fail(stage, last.failure, text + connect_advice(last.failure));
  }
  std::string text = "connect to " + peer.name() + " failed at every address";
  for (const auto& each : failed) {
    text += (&each == &failed.front() ? ": " : ", ") + address_text(each.address) + " " +
            reason_text(each.failure);
  }
  fail(stage, last.failure, text + connect_advice(last.failure));
}

/// The executor below the strand, for sockets. The strand is needed only while connecting; a socket that had
/// it as its executor would allocate and lock for it at every later operation.
asio::any_io_executor below_strand(const asio::any_io_executor& strand) {
  const auto* known = strand.target<asio::strand<asio::any_io_executor>>();
  return known != nullptr ? known->get_inner_executor() : strand;
}

/// The attempts to connect to one peer. Everything happens on the strand.
class Race : public std::enable_shared_from_this<Race> {
 public:
  Race(asio::any_io_executor strand, Endpoints addresses, const RaceOptions& options)
      : done(strand),
        strand_(std::move(strand)),
        addresses_(std::move(addresses)),
        options_(options),
        next_attempt_(strand_) {}

  /// Starts an attempt at the next address; at the one behind it, if a socket cannot even be opened.
  void start_next() {
    next_attempt_.cancel();
    while (attempts_.size() < addresses_.size()) {
      const std::size_t number = attempts_.size();
      Attempt& attempt = attempts_.emplace_back(below_strand(strand_));
      attempt.socket.open(addresses_[number].protocol(), attempt.failure);
      if (attempt.failure) continue;
      prepare_socket(attempt.socket, options_.keep_alive);
      attempt.running = true;
      auto on_end = [self = shared_from_this(), number](error_code failure) {
        self->on_connect(number, failure);
      };
      attempt.socket.async_connect(addresses_[number], asio::bind_executor(strand_, std::move(on_end)));
      wait_for_next();
      return;
    }
    finish_if_lost();
  }

  /// Closes all sockets but the winner's.
  void stop() noexcept {
    stopped_ = true;
    next_attempt_.cancel();
    for (Attempt& attempt : attempts_) {
      error_code ignored;
      if (attempt.running) attempt.socket.close(ignored);
    }
  }

  /// The failed attempts. Those that still run have failed by the deadline.
  [[nodiscard]] std::vector<FailedAddress> failures() const {
    std::vector<FailedAddress> failed;
    for (std::size_t i = 0; i < attempts_.size(); ++i) {
      const error_code failure =
          attempts_[i].running ? error_code(asio::error::timed_out) : attempts_[i].failure;
      failed.push_back(FailedAddress{addresses_[i], failure});
    }
    return failed;
  }

  asio::steady_timer done;  ///< Cancelled when there is a winner, or when every attempt has failed.
  std::optional<tcp::socket> winner;
  bool finished = false;

 private:
  struct Attempt {
    explicit Attempt(const asio::any_io_executor& executor) : socket(executor) {}
    tcp::socket socket;
    error_code failure;
    bool running = false;
  };

  void wait_for_next() {
    if (attempts_.size() == addresses_.size()) return;
    next_attempt_.expires_after(options_.attempt_delay);
    next_attempt_.async_wait([self = shared_from_this()](error_code failure) {
      if (!failure && !self->stopped_) self->start_next();
    });
  }

  void on_connect(std::size_t number, const error_code& failure) {
    Attempt& attempt = attempts_[number];
    attempt.running = false;
    attempt.failure = failure;
    if (stopped_) return;
    if (failure) {
      error_code ignored;
      attempt.socket.close(ignored);
      start_next();
      return;
    }
    winner.emplace(std::move(attempt.socket));
    finish();
  }

  void finish_if_lost() {
    const bool running =
        std::any_of(attempts_.begin(), attempts_.end(), [](const Attempt& each) { return each.running; });
    if (!running) finish();
  }

  void finish() {
    finished = true;
    stop();
    done.cancel();
  }

  asio::any_io_executor strand_;
  const Endpoints addresses_;
  const RaceOptions options_;
  asio::steady_timer next_attempt_;
  std::deque<Attempt> attempts_;  ///< A deque, because running operations refer to the sockets.
  bool stopped_ = false;
};

/// Ends the race when the coroutine that waits for it ends or is destroyed.
class RaceGuard {
 public:
  explicit RaceGuard(std::shared_ptr<Race> race) : race_(std::move(race)) {}
  RaceGuard(const RaceGuard&) = delete;
  RaceGuard& operator=(const RaceGuard&) = delete;
  ~RaceGuard() { race_->stop(); }

 private:
  std::shared_ptr<Race> race_;
};

}  // namespace

Endpoints in_attempt_order(const Endpoints& addresses, const std::optional<tcp::endpoint>& first) {
  Endpoints order;
  std::deque<tcp::endpoint> same_family;
  std::deque<tcp::endpoint> other_family;
  for (const auto& address : addresses) {
    if (first && address == *first && order.empty()) {
      order.push_back(address);
    } else if (address.protocol() == addresses.front().protocol()) {
      same_family.push_back(address);
    } else {
      other_family.push_back(address);
    }
  }
  bool from_other = !order.empty() && order.front().protocol() == addresses.front().protocol();
  while (!same_family.empty() || !other_family.empty()) {
    auto& family = (from_other && !other_family.empty()) || same_family.empty() ? other_family : same_family;
    order.push_back(family.front());
    family.pop_front();
    from_other = !from_other;
  }
  return order;
}

asio::awaitable<tcp::socket> connect_to_any(asio::any_io_executor strand, Endpoints addresses,
                                            Destination peer, RaceOptions options,
                                            Clock::time_point deadline) {
  const auto race = std::make_shared<Race>(strand, in_attempt_order(addresses, options.first), options);
  const RaceGuard guard(race);
  race->done.expires_at(deadline);
  race->start_next();
  error_code failure;
  if (!race->finished) co_await race->done.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (race->winner) co_return std::move(*race->winner);
  if (!race->finished && failure == asio::error::operation_aborted) {
    fail(Stage::cancelled, failure, "cancelled while connecting to " + peer.name());
  }
  fail_to_connect(peer, race->failures(), !race->finished);
}

}  // namespace chroma::transport
