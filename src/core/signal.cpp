#include "core/signal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <functional>
#include <mutex>
#include <utility>

namespace chroma::core {

namespace asio = boost::asio;
using boost::system::error_code;

struct Signal::State {
  std::mutex mutex;
  bool notified = false;
  asio::steady_timer* timer = nullptr;  ///< Of the coroutine that waits.
};

/// The timer of a waiting coroutine. A thread that notifies uses the timer with the mutex held, so the wait
/// begins with the mutex held as well.
class Signal::Sleep {
 public:
  Sleep(std::shared_ptr<State> state, const asio::any_io_executor& executor,
        std::chrono::steady_clock::time_point deadline)
      : state_(std::move(state)), timer_(executor, deadline) {}
  Sleep(const Sleep&) = delete;
  Sleep& operator=(const Sleep&) = delete;
  ~Sleep() {
    const std::lock_guard lock(state_->mutex);
    state_->timer = nullptr;
  }

  /// Begins to wait: the initiation of an asynchronous operation.
  template <class Handler>
  void operator()(Handler&& handler) {
    const std::lock_guard lock(state_->mutex);
    if (state_->notified) timer_.expires_at(asio::steady_timer::time_point::min());
    timer_.async_wait(std::forward<Handler>(handler));
    state_->timer = &timer_;
  }

  /// True if there was a notification, which is used up.
  [[nodiscard]] bool take_notification() {
    const std::lock_guard lock(state_->mutex);
    return std::exchange(state_->notified, false);
  }

 private:
  std::shared_ptr<State> state_;
  asio::steady_timer timer_;
};

Signal::Signal() : state_(std::make_shared<State>()) {}

asio::awaitable<bool> Signal::wait(std::chrono::steady_clock::time_point deadline) {
  const auto state = state_;
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Sleep sleep(state, executor, deadline);
  error_code ended;
  auto token = asio::redirect_error(asio::use_awaitable, ended);
  co_await asio::async_initiate<decltype(token), void(error_code)>(std::ref(sleep), token);
  if (sleep.take_notification()) co_return true;
  if (ended) throw boost::system::system_error(ended);
  co_return false;
}

void Signal::notify() noexcept {
  const std::lock_guard lock(state_->mutex);
  state_->notified = true;
  if (state_->timer != nullptr) state_->timer->cancel();
}

}  // namespace chroma::core
