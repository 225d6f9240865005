#pragma once

#include "core/context_lifetime.hpp"
#include "core/signal.hpp"

#include <chroma/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace chroma::detail {

/// Fetches a value once, even if several callers request it at the same time. The first caller fetches it;
/// the others wait and get the same value or the same error. A value is cached, an error is not. If the
/// failure concerns only the fetching caller, such as its cancellation, one of the waiting callers fetches
/// the value. The same happens if the fetch has not ended at the deadline of the fetching caller, for example
/// because its execution context is no longer run. Thread-safe.
template <class T>
class SingleFlight {
 public:
  using Fetch = std::function<boost::asio::awaitable<T>()>;
  using Deadline = std::chrono::steady_clock::time_point;
  /// True if the failure concerns only the fetching caller, so that the waiting callers must not get it.
  using ConcernsCallerAlone = bool (*)(const RequestError& failure);

  SingleFlight() = default;
  explicit SingleFlight(std::optional<T> value) : value_(std::move(value)) {}

  [[nodiscard]] std::optional<T> cached() const {
    std::lock_guard lock(mutex_);
    return value_;
  }

  /// Discards the value: the next caller fetches it again.
  void reset() {
    std::lock_guard lock(mutex_);
    value_.reset();
  }

  /// Returns nothing if another caller's fetch has not ended before `deadline`.
  /// @throws what `fetch` throws; boost::system::system_error with operation_aborted when cancelled
  static boost::asio::awaitable<std::optional<T>> get(std::shared_ptr<SingleFlight> self, Fetch fetch,
                                                      Deadline deadline,
                                                      ConcernsCallerAlone concerns_caller_alone) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto context = core::ContextLifetime::of(executor);
    std::size_t fetch_number = 0;
    for (;;) {
      std::shared_ptr<Waiter> waiter;
      if (auto value = self->join(context, deadline, waiter, fetch_number)) co_return value;
      if (!waiter) break;
      const bool ended = co_await waiter->fetch_ended.wait(std::min(deadline, waiter->fetch_deadline));
      if (!ended && deadline <= waiter->fetch_deadline) co_return std::nullopt;
      if (waiter->failure) std::rethrow_exception(waiter->failure);
    }
    FetchInProgress fetch_in_progress(self, fetch_number);
    std::exception_ptr failure;
    try {
      T value = co_await fetch();
      self->store(value);
      co_return value;
    } catch (const ChromaHttpClientError& error) {
      const auto* request = error.get_if<RequestError>();
      failure = std::current_exception();
      if (request == nullptr || !concerns_caller_alone(*request)) fetch_in_progress.share(failure);
    }
    std::rethrow_exception(failure);
  }

 private:
  /// A caller that waits for the fetch of another one.
  struct Waiter {
    Waiter(std::shared_ptr<core::ContextLifetime> lifetime, Deadline deadline)
        : context(std::move(lifetime)), fetch_deadline(deadline) {}
    std::shared_ptr<core::ContextLifetime> context;
    core::Signal fetch_ended;
    Deadline fetch_deadline;     ///< The deadline of the caller that fetches.
    std::exception_ptr failure;  ///< Written before `fetch_ended` is notified.
  };

  /// Wakes the waiting callers when the fetch has ended, has failed, or its coroutine was destroyed.
  class FetchInProgress {
   public:
    FetchInProgress(std::shared_ptr<SingleFlight> flight, std::size_t number)
        : flight_(std::move(flight)), number_(number) {}
    FetchInProgress(const FetchInProgress&) = delete;
    FetchInProgress& operator=(const FetchInProgress&) = delete;
    ~FetchInProgress() { flight_->release(number_, failure_); }

    void share(std::exception_ptr failure) { failure_ = std::move(failure); }

   private:
    std::shared_ptr<SingleFlight> flight_;
    std::size_t number_;
    std::exception_ptr failure_;
  };

  /// Returns the value if there is one. Otherwise sets `waiter` if another caller fetches, or sets
  /// `fetch_number` if this caller is to fetch.
  std::optional<T> join(const std::shared_ptr<core::ContextLifetime>& context, Deadline deadline,
                        std::shared_ptr<Waiter>& waiter, std::size_t& fetch_number) {
    std::lock_guard lock(mutex_);
    if (value_) return value_;
    if (fetching_ && std::chrono::steady_clock::now() < fetch_deadline_) {
      waiter = std::make_shared<Waiter>(context, fetch_deadline_);
      waiters_.push_back(waiter);
      return std::nullopt;
    }
    fetching_ = true;
    fetch_deadline_ = deadline;
    fetch_number = ++last_fetch_;
    return std::nullopt;
  }

  void store(const T& value) {
    std::lock_guard lock(mutex_);
    value_ = value;
  }

  void release(std::size_t fetch_number, const std::exception_ptr& failure) {
    std::vector<std::weak_ptr<Waiter>> waiters;
    {
      std::lock_guard lock(mutex_);
      if (fetch_number != last_fetch_) return;  // Another caller has taken over.
      fetching_ = false;
      waiters.swap(waiters_);
    }
    for (const auto& weak : waiters) {
      const auto waiter = weak.lock();
      if (!waiter) continue;
      // The waiting caller's context may be another one, which may be about to end.
      waiter->context->run([&] {
        waiter->failure = failure;
        waiter->fetch_ended.notify();
      });
    }
  }

  mutable std::mutex mutex_;
  std::optional<T> value_;
  bool fetching_ = false;
  Deadline fetch_deadline_{};
  std::size_t last_fetch_ = 0;
  std::vector<std::weak_ptr<Waiter>> waiters_;
};

}  // namespace chroma::detail
