#pragma once

#include "transport/clock.hpp"
#include "transport/network_hooks.hpp"
#include "transport/resolve.hpp"
#include "transport/socket_stream.hpp"

#include <chrono>
#include <optional>

namespace chroma::transport {

struct RaceOptions {
  std::optional<tcp::endpoint> first;  ///< Tried first if it is among the addresses.
  std::chrono::milliseconds attempt_delay{
      250};                ///< Between the starts of two attempts (RFC 8305, section 5).
  bool keep_alive = true;  ///< TCP keepalive.
};

/// A connection to the first address that accepts one. Attempts are started one after the other, alternating
/// between IPv6 and IPv4, each when the previous one has failed or `attempt_delay` after its start, and run
/// side by side until one succeeds (Happy Eyeballs, RFC 8305).
/// @throws ChromaHttpClientError: connect, timeout, cancelled
[[nodiscard]] asio::awaitable<tcp::socket> connect_to_any(asio::any_io_executor strand, Endpoints addresses,
                                                          Destination peer, RaceOptions options,
                                                          Clock::time_point deadline);

/// The addresses in the order of their attempts: `first`, if it is among them, then the others with the
/// families alternating, beginning with the family of the system's first choice.
[[nodiscard]] Endpoints in_attempt_order(const Endpoints& addresses,
                                         const std::optional<tcp::endpoint>& first);

}  // namespace chroma::transport
