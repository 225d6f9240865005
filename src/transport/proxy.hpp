#pragma once

#include "transport/connector.hpp"
#include "transport/url.hpp"

#include <chroma/error.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chroma::transport {

/// An HTTP proxy.
struct Proxy {
  Origin address;
  std::string authorization;  ///< Value of `Proxy-Authorization`, a secret; empty for none.
};

/// The proxy for connections to `origin`: the given option, or the environment as curl reads it.
/// @param option empty text: none; unset: the environment
/// @param variable nullptr for a variable that is not set
/// @throws std::invalid_argument that names the option or the variable and never repeats a password
[[nodiscard]] std::optional<Proxy> choose_proxy(const Origin& origin,
                                                const std::optional<std::string>& option,
                                                const std::function<const char*(const char*)>& variable);

/// True if `NO_PROXY` with this value excepts the origin: a list of names (each with all below it), addresses
/// and networks like 10.0.0.0/8, each with a port or without, or "*".
[[nodiscard]] bool bypasses_proxy(const Origin& origin, std::string_view no_proxy);

/// The target prefix and the headers of requests to `origin` through this proxy.
[[nodiscard]] Route route_through(const Proxy& proxy, const Origin& origin);

/// The error for a request that a proxy has refused with this status: stage proxy, and the code
/// permission_denied if the same request would be refused again.
/// @param purpose what the request was for: "tunnel to host:port through proxy host:port"
[[nodiscard]] RequestError refused_by_proxy(const std::string& purpose, int status);

/// Asks the proxy at the other end of `stream` to open a tunnel to `origin`.
/// @throws ChromaHttpClientError (stage proxy) if the proxy refuses; boost::system::system_error
/// operation_aborted if the stream is closed or the caller cancels
[[nodiscard]] asio::awaitable<void> open_tunnel(ByteStream& stream, const Proxy& proxy, const Origin& origin);

}  // namespace chroma::transport
