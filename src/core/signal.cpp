#include "core/signal.hpp"

#include <utility>

#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace chroma::core {

namespace asio = boost::asio;

// A channel and not a timer: it may be touched from two threads, and the context's end destroys who waits.
struct Signal::Impl {
    asio::experimental::concurrent_channel<void(boost::system::error_code)> channel;
};

Signal::Signal(asio::any_io_executor executor) : impl_(new Impl{{std::move(executor), 1}}) {}
Signal::~Signal() = default;

asio::awaitable<void> Signal::wait() { co_await impl_->channel.async_receive(asio::use_awaitable); }

void Signal::notify() { impl_->channel.try_send(boost::system::error_code()); }

}  // namespace chroma::core
