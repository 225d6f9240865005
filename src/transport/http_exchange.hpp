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

/// What went over the wire, also when the exchange failed.
struct Traffic {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

/// One request and its answer on one connection. An answer that comes before the request is complete, or
/// after the peer has stopped listening, is still read: it says why. Afterwards `reader.done()`; the
/// connection may serve again if also `reader.keep_alive()` and the whole request was sent.
/// @param server for messages, "host:port"
/// @throws ChromaHttpClientError with RequestError (write, read, tls, decode); boost::system::system_error
/// with operation_aborted if the stream was closed or the coroutine cancelled
[[nodiscard]] asio::awaitable<void> exchange(ByteStream& stream, WireRequest request, ResponseReader& reader,
                                             Traffic& traffic, const std::string& server);

}  // namespace chroma::transport
