#pragma once

#include "transport/byte_stream.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace chroma::transport {

/// Prepares a socket that has just been opened: programs that this process executes do not inherit it (a
/// program that another thread starts at this very moment still may), and with `keep_alive` the system probes
/// a peer that is silent, so that a connection whose peer has gone does not wait for ever. What the system
/// refuses is left.
void prepare_socket(asio::ip::tcp::socket& socket, bool keep_alive) noexcept;

}  // namespace chroma::transport
