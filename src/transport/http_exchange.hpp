#pragma once

#include "transport/byte_stream.hpp"
#include "transport/http_codec.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace chroma::transport {

/// A request as bytes. They belong to the caller and outlive the exchange.
struct WireRequest {
  std::string_view head;
  std::string_view body;
};

/// Numbers of bytes that were sent and received, also when the exchange failed.
struct Traffic {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

/// Sends one request and reads its response on one connection. A response that arrives before the request is
/// complete, or after the peer has stopped reading, is still read, because it says why. Afterwards
/// `reader.done()` is true; the connection can be reused if `reader.keep_alive()` and the whole request was
/// sent.
/// @param server for messages, "host:port"
/// @throws ChromaHttpClientError with RequestError (write, read, tls, decode); boost::system::system_error
/// with operation_aborted if the stream was closed or the coroutine cancelled
[[nodiscard]] asio::awaitable<void> exchange(ByteStream& stream, WireRequest request, ResponseReader& reader,
                                             Traffic& traffic, const std::string& server);

}  // namespace chroma::transport
