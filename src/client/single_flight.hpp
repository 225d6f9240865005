#pragma once

#include "core/signal.hpp"

#include <chroma/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace chroma::detail {

/// Fetches a value once, however many callers want it at the same time. Who comes first fetches, the others
/// wait and get the same value or the same error. Only the value is kept. A failure that is the first
/// caller's own, as its cancellation is, leaves the fetching to the next. Thread-safe.
template <class T>
class SingleFlight {
 public:
  using Fetch = std::function<boost::asio::awaitable<T>()>;
  /// True if the failure says nothing to the others who wait.
  using IsOwn = bool (*)(const RequestError& failure);

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

  /// Nothing if another caller's fetch has not come to an end before `deadline`.
  /// @throws what `fetch` throws; boost::system::system_error with operation_aborted when cancelled
  static boost::asio::awaitable<std::optional<T>> get(std::shared_ptr<SingleFlight> self, Fetch fetch,
                                                      std::chrono::steady_clock::time_point deadline,
                                                      IsOwn is_own) {
    auto executor = co_await boost::asio::this_coro::executor;
    for (;;) {
      std::shared_ptr<Seat> seat;
      if (auto value = self->join(executor, seat)) co_return value;
      if (!seat) break;
      const bool ended = co_await seat->landed.wait(deadline);
      if (!ended) co_return std::nullopt;
      if (seat->failure) std::rethrow_exception(seat->failure);
    }
    Leadership leadership(self);
    std::exception_ptr failure;
    try {
      T value = co_await fetch();
      self->store(value);
      co_return value;
    } catch (const ChromaHttpClientError& error) {
      const auto* request = error.get_if<RequestError>();
      failure = std::current_exception();
      if (request == nullptr || !is_own(*request)) leadership.share(failure);
    }
    std::rethrow_exception(failure);
  }

 private:
  /// One who waits.
  struct Seat {
    explicit Seat(const boost::asio::any_io_executor& executor) : landed(executor) {}
    core::Signal landed;
    std::exception_ptr failure;  ///< Written before `landed` is given.
  };

  /// Lets the others go on when the leader is through, has failed, or was destroyed on the way.
  class Leadership {
   public:
    explicit Leadership(std::shared_ptr<SingleFlight> flight) : flight_(std::move(flight)) {}
    Leadership(const Leadership&) = delete;
    Leadership& operator=(const Leadership&) = delete;
    ~Leadership() { flight_->release(failure_); }

    void share(std::exception_ptr failure) { failure_ = std::move(failure); }

   private:
    std::shared_ptr<SingleFlight> flight_;
    std::exception_ptr failure_;
  };

  /// The value; or nothing, with a seat to wait in, or without: then the caller leads.
  std::optional<T> join(const boost::asio::any_io_executor& executor, std::shared_ptr<Seat>& seat) {
    std::lock_guard lock(mutex_);
    if (value_ || !std::exchange(running_, true)) return value_;
    seat = std::make_shared<Seat>(executor);
    waiting_.push_back(seat);
    return std::nullopt;
  }

  void store(const T& value) {
    std::lock_guard lock(mutex_);
    value_ = value;
  }

  void release(const std::exception_ptr& failure) {
    std::vector<std::weak_ptr<Seat>> waiting;
    {
      std::lock_guard lock(mutex_);
      running_ = false;
      waiting.swap(waiting_);
    }
    for (const auto& waiter : waiting) {
      if (auto seat = waiter.lock()) {
        seat->failure = failure;
        seat->landed.notify();
      }
    }
  }

  mutable std::mutex mutex_;
  std::optional<T> value_;
  bool running_ = false;
  std::vector<std::weak_ptr<Seat>> waiting_;
};

}  // namespace chroma::detail
