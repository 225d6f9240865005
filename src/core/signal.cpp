#include "core/signal.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/channel_error.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace chroma::core {

namespace asio = boost::asio;

// A channel and not a timer: it may be touched from two threads, and the context's end destroys who waits.
struct Signal::Impl {
  explicit Impl(const asio::any_io_executor& executor) : channel(executor, 1) {}

  asio::experimental::concurrent_channel<void(boost::system::error_code)> channel;
};

Signal::Signal(asio::any_io_executor executor) : impl_(std::make_shared<Impl>(executor)) {}
Signal::~Signal() = default;

asio::awaitable<bool> Signal::wait(std::chrono::steady_clock::time_point deadline) {
  auto impl = impl_;
  asio::steady_timer timer(impl->channel.get_executor());
  if (deadline != std::chrono::steady_clock::time_point::max()) {
    timer.expires_at(deadline);
    timer.async_wait([weak = std::weak_ptr(impl)](boost::system::error_code code) {
      auto alive = weak.lock();
      if (!code && alive) alive->channel.try_send(asio::error::timed_out);
    });
  }
  boost::system::error_code outcome;
  co_await impl->channel.async_receive(asio::redirect_error(asio::use_awaitable, outcome));
  if (outcome == asio::experimental::error::channel_cancelled) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_return !outcome;
}

void Signal::notify() {
  impl_->channel.try_send(boost::system::error_code());
}

}  // namespace chroma::core
