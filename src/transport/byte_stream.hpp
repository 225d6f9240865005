#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <span>

namespace chroma::transport {

namespace asio = boost::asio;

/// The interface between HTTP and the network: TCP, TLS, or a script in tests. One coroutine at a time reads
/// and writes, on any executor of the stream's execution context; meanwhile any thread may call `close`.
/// `is_reusable` and the destructor are called on any thread, while no operation is under way. Failures are
/// thrown as boost::system::system_error (end of stream: asio::error::eof; on a closed stream:
/// operation_aborted), or as ChromaHttpClientError where there is more to say than a code.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// Reads at least one byte, or throws. An empty buffer is an error: asio::error::invalid_argument.
  virtual asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) = 0;

  /// Writes all of the buffers, gathered. Returns early, with the bytes written so far, when the peer has
  /// sent something in the meantime, because a response may arrive before the request is complete.
  /// Throws only if nothing at all was written by this call, so that the caller knows whether the peer can
  /// have seen anything.
  virtual asio::awaitable<std::size_t> write(std::span<const asio::const_buffer> buffers) = 0;

  /// Closes at once; operations under way fail with operation_aborted. May be called twice.
  virtual void close() noexcept = 0;

  /// False if an idle connection cannot be reused: the peer has closed it or has sent unsolicited bytes.
  [[nodiscard]] virtual bool is_reusable() noexcept = 0;
};

}  // namespace chroma::transport
