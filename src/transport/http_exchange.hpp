#pragma once

#include "transport/byte_stream.hpp"
#include "transport/response_reader.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace chroma::transport {

/// A request as bytes, which must outlive the exchange.
struct WireRequest {
  std::string_view head;
  std::string_view body;
};

/// How many bytes went over the wire, also if the exchange failed.
struct ByteCounts {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

/// Sends one request and reads its response on one connection. A response may begin while the request is
/// still being sent: the rest of the request is sent unless the response is an error. A response is also read
/// when the peer no longer accepts bytes, because it may say why. Afterwards `reader.done()`; the connection
/// may serve another request if also `reader.keep_alive()` and the whole request was sent.
/// @pre `reader` was started
/// @param server for messages, "host:port"
/// @throws ChromaHttpClientError with RequestError (write, read, tls, decode); boost::system::system_error
/// with operation_aborted if the stream was closed or the coroutine cancelled
[[nodiscard]] asio::awaitable<void> exchange_on_stream(ByteStream& stream, WireRequest request,
                                                       ResponseReader& reader, ByteCounts& counts,
                                                       const std::string& server);

}  // namespace chroma::transport
