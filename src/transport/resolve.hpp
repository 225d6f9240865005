#pragma once

#include "transport/clock.hpp"
#include "transport/network_hooks.hpp"
#include "transport/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace chroma::transport {

namespace asio = boost::asio;

/// The peer of a TCP connection, which is the origin or a proxy.
struct Destination {
  Origin origin;
  bool is_proxy = false;

  /// "host:port" or "proxy host:port", for messages.
  [[nodiscard]] std::string name() const { return prefix() + origin.authority(); }
  /// "host" or "proxy host", for messages.
  [[nodiscard]] std::string host_name() const { return prefix() + origin.host; }

 private:
  [[nodiscard]] std::string prefix() const { return is_proxy ? "proxy " : ""; }
};

/// All addresses of the peer, in the system's order. Ends at the deadline and on cancellation; a lookup of
/// the system that is then still running is left to end by itself.
/// @throws ChromaHttpClientError: resolve, timeout, cancelled
[[nodiscard]] asio::awaitable<Endpoints> resolve(asio::any_io_executor strand, const NetworkHooks& hooks,
                                                 Destination peer, Clock::time_point deadline);

/// True if the failure is a lack of file descriptors, or if there is a lack of them now: the system's
/// resolver reports it as an unknown name.
[[nodiscard]] bool is_lack_of_descriptors(const asio::any_io_executor& strand,
                                          const boost::system::error_code& failure);

/// What to do about a lack of file descriptors.
inline constexpr const char* descriptor_advice =
    ": this process has reached its limit of open files; raise the limit (ulimit -n), or lower "
    "max_connections";

}  // namespace chroma::transport
