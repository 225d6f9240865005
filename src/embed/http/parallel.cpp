#include "embed/http/parallel.hpp"

#include "core/context_lifetime.hpp"
#include "core/signal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <new>
#include <utility>

namespace chroma::embed {

namespace asio = boost::asio;

namespace {

/// What the caller waits for. The coroutines share it.
struct Waiting {
  core::Signal ended;
  std::exception_ptr failure;  ///< Written before `ended` is notified.
};

/// The coroutines. They own it, because the strand must not outlive the context. Used on the strand alone.
class Group : public std::enable_shared_from_this<Group> {
 public:
  Group(const asio::any_io_executor& executor, std::shared_ptr<Waiting> waiting)
      : strand_(asio::make_strand(executor)), waiting_(std::move(waiting)) {}

  [[nodiscard]] const asio::any_io_executor& strand() const noexcept { return strand_; }

  void start(std::size_t count, const std::function<asio::awaitable<void>()>& make) {
    ++running_;  // Until all have been started, so that the group does not end before.
    std::exception_ptr failure;
    try {
      for (std::size_t i = 0; i < count; ++i) start_one(make);
    } catch (...) {
      failure = std::current_exception();
    }
    end(failure);
    if (is_cancelled_) cancel();
  }

  void cancel() {
    is_cancelled_ = true;
    for (auto& signal : signals_) signal.emit(asio::cancellation_type::terminal);
  }

 private:
  void start_one(const std::function<asio::awaitable<void>()>& make) {
    const auto ended = [self = shared_from_this()](std::exception_ptr failure) {
      self->end(std::move(failure));
    };
    asio::cancellation_signal& signal = signals_.emplace_back();
    ++running_;
    try {
      asio::co_spawn(strand_, make(), asio::bind_cancellation_slot(signal.slot(), ended));
    } catch (...) {
      --running_;
      throw;
    }
  }

  void end(std::exception_ptr failure) noexcept {
    if (failure && !waiting_->failure) {
      waiting_->failure = std::move(failure);
      try {
        // Not from here: the signal of the coroutine that has just ended is in use.
        asio::post(strand_, [self = shared_from_this()] { self->cancel(); });
      } catch (const std::bad_alloc&) {
        // Then the others run to their ends.
      }
    }
    if (--running_ == 0) waiting_->ended.notify();
  }

  asio::any_io_executor strand_;
  std::shared_ptr<Waiting> waiting_;
  std::deque<asio::cancellation_signal> signals_;
  std::size_t running_ = 0;
  bool is_cancelled_ = false;
};

/// Cancels the coroutines when the caller leaves before their end. Without memory for that, they run to their
/// ends.
class Canceller {
 public:
  Canceller(std::shared_ptr<core::ContextLifetime> lifetime, std::weak_ptr<Group> group)
      : lifetime_(std::move(lifetime)), group_(std::move(group)) {}
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;
  ~Canceller() {
    if (!armed_) return;
    try {
      lifetime_->run([this] {
        if (const auto group = group_.lock()) asio::post(group->strand(), [group] { group->cancel(); });
      });
    } catch (const std::bad_alloc&) {
    }
  }

  void disarm() noexcept { armed_ = false; }

 private:
  std::shared_ptr<core::ContextLifetime> lifetime_;
  std::weak_ptr<Group> group_;
  bool armed_ = true;
};

std::weak_ptr<Group> start(const asio::any_io_executor& executor, std::shared_ptr<Waiting> waiting,
                           std::size_t count, std::function<asio::awaitable<void>()> make) {
  const auto group = std::make_shared<Group>(executor, std::move(waiting));
  asio::post(group->strand(), [group, count, make = std::move(make)] { group->start(count, make); });
  return group;
}

}  // namespace

asio::awaitable<void> run_in_parallel(std::size_t count, std::function<asio::awaitable<void>()> make) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto waiting = std::make_shared<Waiting>();
  Canceller canceller(core::ContextLifetime::of(executor), start(executor, waiting, count, std::move(make)));
  (void)co_await waiting->ended.wait(std::chrono::steady_clock::time_point::max());
  canceller.disarm();
  if (waiting->failure) std::rethrow_exception(waiting->failure);
}

}  // namespace chroma::embed
