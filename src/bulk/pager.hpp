#pragma once

#include "bulk/arguments.hpp"
#include "core/waiter.hpp"

#include <chroma/client.hpp>
#include <chroma/pages.hpp>
#include <chroma/result.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace chroma::bulk {

namespace asio = boost::asio;

/// One value that is fetched ahead on the client's executor, while its user does something else.
template <class T>
class Prefetch : public std::enable_shared_from_this<Prefetch<T>> {
 public:
  using Fetch = std::function<asio::awaitable<T>()>;

  Prefetch(asio::any_io_executor where, Fetch fetch) : where_(std::move(where)), fetch_(std::move(fetch)) {}

  void start() { asio::co_spawn(where_, run(this->shared_from_this()), asio::detached); }

  /// Waits until the fetch has ended. A cancelled wait may be repeated.
  static asio::awaitable<void> wait(std::shared_ptr<Prefetch> self) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto waiter = std::make_shared<core::Waiter>(core::ContextLifetime::of(executor));
    bool is_ready = false;
    {
      const std::lock_guard lock(self->mutex_);
      is_ready = self->ready_;
      self->waiter_ = waiter;
    }
    if (!is_ready)
      static_cast<void>(co_await waiter->woken.wait(std::chrono::steady_clock::time_point::max()));
  }
  /// The value, after `wait`. @throws what the fetch threw
  T take() {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
    return std::move(value_).value();
  }

 private:
  /// Wakes the waiting user when the coroutine ends, also when its context destroys it.
  struct Finisher {
    explicit Finisher(std::shared_ptr<Prefetch> fetching) : prefetch(std::move(fetching)) {}
    Finisher(const Finisher&) = delete;
    Finisher& operator=(const Finisher&) = delete;
    ~Finisher() {
      std::shared_ptr<core::Waiter> waiter;
      {
        const std::lock_guard lock(prefetch->mutex_);
        prefetch->ready_ = true;
        const bool has_result = prefetch->value_.has_value() || prefetch->failure_;
        if (!has_result) {
          const RequestError ended{Stage::cancelled, {}, "the context of the request has ended"};
          prefetch->failure_ = std::make_exception_ptr(ChromaHttpClientError(ended));
        }
        waiter = prefetch->waiter_.lock();
      }
      if (waiter) waiter->wake();
    }
    std::shared_ptr<Prefetch> prefetch;
  };

  static asio::awaitable<void> run(std::shared_ptr<Prefetch> self) {
    const Finisher finisher(self);
    const Fetch fetch = std::move(self->fetch_);  // It holds the pager, which holds this object.
    std::exception_ptr failure;
    std::optional<T> value;
    try {
      auto op = fetch();
      value.emplace(co_await std::move(op));
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(self->mutex_);
    self->value_ = std::move(value);
    self->failure_ = std::move(failure);
  }

  asio::any_io_executor where_;
  Fetch fetch_;
  std::mutex mutex_;
  bool ready_ = false;
  std::weak_ptr<core::Waiter> waiter_;
  std::optional<T> value_;
  std::exception_ptr failure_;
};

/// What pages of both kinds have in common: a position, a page, and the one that is fetched ahead.
template <class Page>
class Pager : public std::enable_shared_from_this<Pager<Page>> {
 public:
  Pager(asio::any_io_executor executor, PageOptions options, std::uint64_t position)
      : executor_(std::move(executor)), options_(std::move(options)), position_(position) {}
  virtual ~Pager() = default;
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

  static asio::awaitable<bool> next(std::shared_ptr<Pager> self) {
    if (require(self).ended_) co_return false;
    if (const auto stale = self->stale_) {
      co_await Prefetch<Fetched>::wait(stale);
      self->stale_.reset();
    }
    if (std::exchange(self->sought_, false)) self->restart();
    if (!self->ahead_) self->begin(self->position_);
    const auto ahead = self->ahead_;
    co_await Prefetch<Fetched>::wait(ahead);
    self->ahead_.reset();  // If it has failed, the next call requests the page again.
    Fetched fetched = ahead->take();
    self->page_ = std::move(fetched.page);
    self->position_ = fetched.next;
    self->ended_ = fetched.end;
    if (fetched.end) co_return false;
    if (self->options_.prefetch > 0) self->begin(self->position_);
    co_return true;
  }

  [[nodiscard]] Page& page() noexcept { return page_; }
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
  void seek(std::uint64_t position) {
    // One that runs must have ended before another begins.
    if (ahead_) stale_ = std::move(ahead_);
    ahead_.reset();
    position_ = position;
    ended_ = false;
    sought_ = true;
  }

 protected:
  struct Fetched {
    Page page;
    std::uint64_t next = 0;
    bool end = false;
  };

  /// The page at a position. Never called twice at once.
  [[nodiscard]] virtual asio::awaitable<Fetched> fetch(std::uint64_t position) = 0;

  /// Before the first fetch behind a `seek`.
  virtual void restart() {}

  const asio::any_io_executor executor_;
  const PageOptions options_;

 private:
  void begin(std::uint64_t position) {
    const auto self = this->shared_from_this();
    typename Prefetch<Fetched>::Fetch fetching = [self, position] { return self->fetch(position); };
    ahead_ = std::make_shared<Prefetch<Fetched>>(executor_, std::move(fetching));
    ahead_->start();
  }

  Page page_{};
  std::uint64_t position_;
  bool ended_ = false;
  bool sought_ = false;
  std::shared_ptr<Prefetch<Fetched>> ahead_;
  std::shared_ptr<Prefetch<Fetched>> stale_;  // Of a position before the last `seek`.
};

}  // namespace chroma::bulk
