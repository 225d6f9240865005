#pragma once

#include "transport/byte_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

namespace chroma::transport {

using tcp = asio::ip::tcp;
using boost::system::error_code;

/// The position of a gathered write in the buffers of the caller.
class BufferCursor {
 public:
  explicit BufferCursor(std::span<const asio::const_buffer> buffers) noexcept;

  [[nodiscard]] bool done() const noexcept { return buffers_.empty(); }
  [[nodiscard]] std::size_t written() const noexcept { return written_; }
  /// What is left of the current buffer; not empty unless done.
  [[nodiscard]] asio::const_buffer front() const noexcept { return buffers_.front() + offset_; }
  /// True if nothing follows the current buffer.
  [[nodiscard]] bool at_last() const noexcept { return buffers_.size() == 1; }
  /// Fills `parts` with what is left, as far as they reach, and returns those filled.
  [[nodiscard]] std::span<const asio::const_buffer> remaining(
      std::span<asio::const_buffer> parts) const noexcept;
  void consume(std::size_t count) noexcept;

 private:
  void skip_empty() noexcept;

  std::span<const asio::const_buffer> buffers_;
  std::size_t offset_ = 0;
  std::size_t written_ = 0;
};

/// A socket that one coroutine uses while another thread may close it. As Asio's sockets are not thread-safe,
/// every function of the socket is called with the mutex held, those that begin to wait included.
struct SharedSocket {
  explicit SharedSocket(tcp::socket connected) : socket(std::move(connected)) {}

  std::mutex mutex;
  tcp::socket socket;
};

/// A byte stream over a socket, whose bytes can also be moved without waiting. That is what lets TLS run over
/// TCP and over the TLS of a proxy alike, and lets a write detect an early response.
class SocketStream : public ByteStream {
 public:
  asio::awaitable<std::size_t> write(std::span<const asio::const_buffer> buffers) final;
  void close() noexcept final;
  [[nodiscard]] bool is_reusable() noexcept final;

  /// Bytes that the peer has sent and that have not been read yet.
  enum class Input { none, data, ended };

  [[nodiscard]] virtual const std::shared_ptr<SharedSocket>& socket() const noexcept = 0;
  /// At least one byte; would_block if there is none yet, invalid_argument if `into` is empty.
  virtual std::size_t try_read(asio::mutable_buffer into, error_code& failure) = 0;
  /// Writes from the cursor, at least one byte, and moves it on; would_block if nothing could be written.
  virtual void try_write(BufferCursor& cursor, error_code& failure) = 0;
  virtual Input peek() noexcept = 0;

 protected:
  /// Waits until the socket can be read or written, or has failed.
  [[nodiscard]] asio::awaitable<void> wait(tcp::socket::wait_type what) const;

  /// Counts bytes that were moved without waiting. True after so many that other work of the
  /// execution context, such as a deadline, should have a turn.
  [[nodiscard]] bool is_turn_over(std::size_t moved) noexcept;

 private:
  std::size_t moved_ = 0;  ///< In this turn.
};

/// Plain TCP on a connected socket, which it makes non-blocking and without delay.
/// @throws boost::system::system_error if the socket refuses
[[nodiscard]] std::unique_ptr<SocketStream> make_tcp_stream(tcp::socket socket);

}  // namespace chroma::transport
