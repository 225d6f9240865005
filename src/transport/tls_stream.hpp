#pragma once

#include "transport/socket_stream.hpp"
#include "transport/tls_context.hpp"

#include <memory>
#include <string>

namespace chroma::transport {

/// Starts TLS on a connected stream: performs the handshake with `host`, the name or address that the
/// certificate must have.
/// @throws boost::system::system_error operation_aborted if the stream is closed or the caller cancels;
/// ChromaHttpClientError (stage tls) whose text starts with `purpose`, for "TLS with host:port", for all
/// else. What TLS itself refuses later, the stream's `read_some` throws likewise.
[[nodiscard]] asio::awaitable<std::unique_ptr<SocketStream>> start_tls(std::unique_ptr<SocketStream> below,
                                                                       const TlsContext& context,
                                                                       std::string host, std::string purpose);

}  // namespace chroma::transport
