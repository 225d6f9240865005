// TCP, and the waiting for the socket that TCP and TLS share.

#include "transport/socket_stream.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace chroma::transport {
namespace {

constexpr std::size_t bytes_a_turn = std::size_t(1) << 20;

/// Replaces the cancellation slot of the handler: a cancellation ends all waits of the socket with the mutex
/// held. Asio's own cancellation of one wait would read what `close` writes on another thread.
template <class Handler>
auto cancelled_with_mutex(const std::shared_ptr<SharedSocket>& shared, Handler&& handler) {
  auto slot = asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected()) {
    slot.assign([weak = std::weak_ptr(shared)](asio::cancellation_type) {
      const auto socket = weak.lock();
      if (!socket) return;
      const std::lock_guard lock(socket->mutex);
      error_code ignored;
      socket->socket.cancel(ignored);
    });
  }
  return asio::bind_cancellation_slot(asio::cancellation_slot(), std::forward<Handler>(handler));
}

/// Begins to wait for the socket: the initiation of an asynchronous operation.
class StartWait {
 public:
  StartWait(std::shared_ptr<SharedSocket> socket, tcp::socket::wait_type what)
      : socket_(std::move(socket)), what_(what) {}

  template <class Handler>
  void operator()(Handler&& handler) const {
    // Another thread may resume the coroutine, which then destroys this object, before the mutex is released.
    const auto socket = socket_;
    const std::lock_guard lock(socket->mutex);
    socket->socket.async_wait(what_, cancelled_with_mutex(socket, std::forward<Handler>(handler)));
  }

 private:
  std::shared_ptr<SharedSocket> socket_;
  tcp::socket::wait_type what_;
};

/// Begins to read. See StartWait.
class StartRead {
 public:
  StartRead(std::shared_ptr<SharedSocket> socket, asio::mutable_buffer into)
      : socket_(std::move(socket)), into_(into) {}

  template <class Handler>
  void operator()(Handler&& handler) const {
    const auto socket = socket_;
    const std::lock_guard lock(socket->mutex);
    socket->socket.async_read_some(into_, cancelled_with_mutex(socket, std::forward<Handler>(handler)));
  }

 private:
  std::shared_ptr<SharedSocket> socket_;
  asio::mutable_buffer into_;
};

/// Waits for room in the socket's send buffer, and for input: a peer that has responded may never read again,
/// so waiting for room alone could last for ever.
class RoomOrInput {
 public:
  explicit RoomOrInput(std::shared_ptr<SharedSocket> socket)
      : socket_(std::move(socket)), watch_(std::make_shared<Watch>()) {
    watch_->socket = socket_;
  }
  RoomOrInput(const RoomOrInput&) = delete;
  RoomOrInput& operator=(const RoomOrInput&) = delete;
  ~RoomOrInput() {
    const std::lock_guard lock(socket_->mutex);
    watch_->abandoned = true;
    error_code ignored;
    if (watch_->armed) socket_->socket.cancel(ignored);
  }

  /// True if there is input.
  asio::awaitable<bool> wait() {
    error_code failure;
    auto token = asio::redirect_error(asio::use_awaitable, failure);
    co_await asio::async_initiate<decltype(token), void(error_code)>(std::ref(*this), token);
    const std::lock_guard lock(socket_->mutex);
    if (watch_->input) co_return true;
    if (failure) throw boost::system::system_error(failure);
    co_return false;
  }

  /// Begins both waits. See StartWait.
  template <class Handler>
  void operator()(Handler&& handler) {
    const auto socket = socket_;
    const std::lock_guard lock(socket->mutex);
    if (!watch_->armed) watch_input();
    socket->socket.async_wait(tcp::socket::wait_write,
                              cancelled_with_mutex(socket, std::forward<Handler>(handler)));
  }

 private:
  /// The members are guarded by the socket's mutex.
  struct Watch {
    std::weak_ptr<SharedSocket> socket;
    bool armed = false;
    bool input = false;
    bool abandoned = false;
  };

  /// @pre the mutex is held
  void watch_input() {
    watch_->input = false;
    socket_->socket.async_wait(tcp::socket::wait_read, [watch = watch_](error_code failure) {
      const auto socket = watch->socket.lock();
      if (!socket) return;
      const std::lock_guard lock(socket->mutex);
      watch->armed = false;
      if (failure || watch->abandoned) return;
      watch->input = true;
      error_code ignored;
      socket->socket.cancel(ignored);  // Ends the wait for room.
    });
    watch_->armed = true;
  }

  std::shared_ptr<SharedSocket> socket_;
  std::shared_ptr<Watch> watch_;
};

class TcpStream final : public SocketStream {
 public:
  explicit TcpStream(tcp::socket socket) : shared_(std::make_shared<SharedSocket>(std::move(socket))) {
    shared_->socket.set_option(tcp::no_delay(true));
    shared_->socket.non_blocking(true);
  }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
    // Asio would report success with 0 bytes, and a caller that reads until it has enough would not end.
    if (into.size() == 0) throw boost::system::system_error(asio::error::invalid_argument);
    {
      const std::lock_guard lock(shared_->mutex);
      if (!shared_->socket.is_open()) throw boost::system::system_error(asio::error::operation_aborted);
    }
    return asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, std::size_t)>(
        StartRead(shared_, into), asio::use_awaitable);
  }

  const std::shared_ptr<SharedSocket>& socket() const noexcept override { return shared_; }

  std::size_t try_read(asio::mutable_buffer into, error_code& failure) override {
    if (into.size() == 0) {
      failure = asio::error::invalid_argument;
      return 0;
    }
    const std::lock_guard lock(shared_->mutex);
    const std::size_t count = shared_->socket.read_some(into, failure);
    note_close(failure);
    return count;
  }

  void try_write(BufferCursor& cursor, error_code& failure) override {
    std::array<asio::const_buffer, 16> parts;
    const std::lock_guard lock(shared_->mutex);
    cursor.consume(shared_->socket.write_some(cursor.remaining(parts), failure));
    note_close(failure);
  }

  Input peek() noexcept override {
    char byte = 0;
    error_code failure;
    const std::lock_guard lock(shared_->mutex);
    shared_->socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failure);
    if (!failure) return Input::data;
    return failure == asio::error::would_block ? Input::none : Input::ended;
  }

 private:
  // Closed between two steps of an operation is the same as closed during one.
  void note_close(error_code& failure) const {
    if (failure && !shared_->socket.is_open()) failure = asio::error::operation_aborted;
  }

  std::shared_ptr<SharedSocket> shared_;
};

}  // namespace

BufferCursor::BufferCursor(std::span<const asio::const_buffer> buffers) noexcept : buffers_(buffers) {
  skip_empty();
}

std::span<const asio::const_buffer> BufferCursor::remaining(
    std::span<asio::const_buffer> parts) const noexcept {
  const std::size_t count = std::min(parts.size(), buffers_.size());
  for (std::size_t i = 0; i < count; ++i) parts[i] = buffers_[i];
  if (count > 0) parts[0] += offset_;
  return parts.first(count);
}

void BufferCursor::consume(std::size_t count) noexcept {
  written_ += count;
  while (count > 0) {
    const std::size_t left = buffers_.front().size() - offset_;
    if (count < left) {
      offset_ += count;
      return;
    }
    count -= left;
    offset_ = 0;
    buffers_ = buffers_.subspan(1);
  }
  skip_empty();
}

void BufferCursor::skip_empty() noexcept {
  while (!buffers_.empty() && buffers_.front().size() == offset_) {
    buffers_ = buffers_.subspan(1);
    offset_ = 0;
  }
}

asio::awaitable<std::size_t> SocketStream::write(std::span<const asio::const_buffer> buffers) {
  BufferCursor cursor(buffers);
  std::optional<RoomOrInput> blocked;
  while (!cursor.done()) {
    error_code failure;
    const std::size_t before = cursor.written();
    try_write(cursor, failure);
    if (failure && failure != asio::error::would_block) {
      // A server that refuses a large body responds and resets the connection; the response explains more.
      // What was already written is told first; a further step then finds the failure again.
      if (cursor.written() > 0 || peek() == Input::data) break;
      throw boost::system::system_error(failure);
    }
    try {
      if (!failure) {
        if (is_turn_over(cursor.written() - before)) co_await asio::post(asio::use_awaitable);
        continue;
      }
      if (!blocked) blocked.emplace(socket());
      const bool input = co_await blocked->wait();
      if (input && peek() != Input::none) break;
    } catch (const boost::system::system_error&) {
      if (cursor.written() == 0) throw;
      break;
    }
  }
  co_return cursor.written();
}

asio::awaitable<void> SocketStream::wait(tcp::socket::wait_type what) const {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(error_code)>(StartWait(socket(), what),
                                                                               asio::use_awaitable);
}

void SocketStream::close() noexcept {
  const std::lock_guard lock(socket()->mutex);
  error_code ignored;
  socket()->socket.close(ignored);
}

bool SocketStream::is_reusable() noexcept {
  return peek() == Input::none;
}

bool SocketStream::is_turn_over(std::size_t moved) noexcept {
  moved_ += moved;
  if (moved_ < bytes_a_turn) return false;
  moved_ = 0;
  return true;
}

std::unique_ptr<SocketStream> make_tcp_stream(tcp::socket socket) {
  return std::make_unique<TcpStream>(std::move(socket));
}

}  // namespace chroma::transport
