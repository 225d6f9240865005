// TCP, and the waiting for the socket that TCP and TLS share.

#include "transport/socket_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace chroma::transport {
namespace {

constexpr std::size_t bytes_a_turn = std::size_t(1) << 20;

/// Waits for room in the socket's send buffer, and for input: a peer that has responded may never read again,
/// so waiting for room alone could last for ever.
class RoomOrInput {
 public:
  explicit RoomOrInput(tcp::socket& socket) : socket_(socket), watch_(std::make_shared<Watch>()) {
    watch_->socket = &socket;
  }
  RoomOrInput(const RoomOrInput&) = delete;
  RoomOrInput& operator=(const RoomOrInput&) = delete;
  ~RoomOrInput() {
    watch_->socket = nullptr;
    error_code ignored;
    if (watch_->armed) socket_.cancel(ignored);
  }

  /// True if there is input.
  asio::awaitable<bool> wait() {
    if (!watch_->armed) arm();
    error_code failure;
    co_await socket_.async_wait(tcp::socket::wait_write, asio::redirect_error(asio::use_awaitable, failure));
    if (watch_->input) co_return true;
    if (failure) throw boost::system::system_error(failure);
    co_return false;
  }

 private:
  struct Watch {
    tcp::socket* socket;
    bool armed = false;
    bool input = false;
  };

  void arm() {
    watch_->armed = true;
    watch_->input = false;
    socket_.async_wait(tcp::socket::wait_read, [watch = watch_](error_code failure) {
      watch->armed = false;
      if (failure || watch->socket == nullptr) return;
      watch->input = true;
      error_code ignored;
      watch->socket->cancel(ignored);  // Ends the wait for room.
    });
  }

  tcp::socket& socket_;
  std::shared_ptr<Watch> watch_;
};

class TcpStream final : public SocketStream {
 public:
  explicit TcpStream(tcp::socket socket) : socket_(std::move(socket)) {
    socket_.set_option(tcp::no_delay(true));
    socket_.non_blocking(true);
  }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
    if (!socket_.is_open()) throw boost::system::system_error(asio::error::operation_aborted);
    // Asio would report success with 0 bytes, and a caller that reads until it has enough would not end.
    if (into.size() == 0) throw boost::system::system_error(asio::error::invalid_argument);
    return socket_.async_read_some(into, asio::use_awaitable);
  }

  tcp::socket& socket() noexcept override { return socket_; }

  std::size_t try_read(asio::mutable_buffer into, error_code& failure) override {
    std::size_t count = 0;
    if (into.size() == 0) {
      failure = asio::error::invalid_argument;
    } else {
      count = socket_.read_some(into, failure);
    }
    note_close(failure);
    return count;
  }

  void try_write(BufferCursor& cursor, error_code& failure) override {
    std::array<asio::const_buffer, 16> parts;
    cursor.consume(socket_.write_some(cursor.remaining(parts), failure));
    note_close(failure);
  }

  Input peek() noexcept override {
    char byte = 0;
    error_code failure;
    socket_.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failure);
    if (!failure) return Input::data;
    return failure == asio::error::would_block ? Input::none : Input::ended;
  }

 private:
  // Closed between two steps of an operation is the same as closed during one.
  void note_close(error_code& failure) const {
    if (failure && !socket_.is_open()) failure = asio::error::operation_aborted;
  }

  tcp::socket socket_;
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

void SocketStream::close() noexcept {
  error_code ignored;
  socket().close(ignored);
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
