#pragma once

#include "core/signal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace chroma::detail {

/// Fetches a value once, however many callers want it at the same time. Who comes first fetches, the others
/// wait; a failure goes to who met it alone, and the next in line tries anew. Thread-safe.
template <class T>
class SingleFlight : public std::enable_shared_from_this<SingleFlight<T>> {
 public:
  using Fetch = std::function<boost::asio::awaitable<T>()>;

  SingleFlight() = default;
  explicit SingleFlight(std::optional<T> value) : value_(std::move(value)) {}

  [[nodiscard]] std::optional<T> cached() const {
    std::lock_guard lock(mutex_);
    return value_;
  }

  /// Forgets the value: the next caller fetches anew.
  void reset() {
    std::lock_guard lock(mutex_);
    value_.reset();
  }

  /// @throws what `fetch` throws; boost::system::system_error when cancelled or, with timed_out, when the
  /// turn has not come before `deadline`
  static boost::asio::awaitable<T> get(std::shared_ptr<SingleFlight> self, Fetch fetch,
                                       std::chrono::steady_clock::time_point deadline) {
    auto executor = co_await boost::asio::this_coro::executor;
    for (;;) {
      std::shared_ptr<core::Signal> turn;
      if (auto value = self->join(executor, turn)) co_return std::move(*value);
      if (turn) {
        co_await turn->wait(deadline);
        continue;
      }
      Leadership leadership(self);
      T value = co_await fetch();
      self->store(value);
      co_return value;
    }
  }

 private:
  /// Lets the others go on when the leader is through, has failed, or was destroyed on the way.
  class Leadership {
   public:
    explicit Leadership(std::shared_ptr<SingleFlight> flight) : flight_(std::move(flight)) {}
    Leadership(const Leadership&) = delete;
    Leadership& operator=(const Leadership&) = delete;
    ~Leadership() { flight_->release(); }

   private:
    std::shared_ptr<SingleFlight> flight_;
  };

  /// The value; or nothing, with `turn` to wait for, or without: then the caller leads.
  std::optional<T> join(const boost::asio::any_io_executor& executor, std::shared_ptr<core::Signal>& turn) {
    std::lock_guard lock(mutex_);
    if (value_ || !std::exchange(running_, true)) return value_;
    turn = std::make_shared<core::Signal>(executor);
    waiting_.push_back(turn);
    return std::nullopt;
  }

  void store(const T& value) {
    std::lock_guard lock(mutex_);
    value_ = value;
  }

  void release() {
    std::vector<std::weak_ptr<core::Signal>> waiting;
    {
      std::lock_guard lock(mutex_);
      running_ = false;
      waiting.swap(waiting_);
    }
    for (const auto& waiter : waiting) {
      if (auto signal = waiter.lock()) signal->notify();
    }
  }

  mutable std::mutex mutex_;
  std::optional<T> value_;
  bool running_ = false;
  std::vector<std::weak_ptr<core::Signal>> waiting_;
};

}  // namespace chroma::detail
