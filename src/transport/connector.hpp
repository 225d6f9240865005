#pragma once

#include "transport/byte_stream.hpp"
#include "transport/http_message.hpp"
#include "transport/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace chroma::transport {

/// The additions to requests that a proxy requires. Empty unless plain http goes through a proxy: with https
/// the proxy gets only the CONNECT request.
struct Route {
  std::string proxy;          ///< The proxy's "host:port", for messages.
  std::string target_prefix;  ///< Comes before the request's target: "http://host:port".
  Headers headers;            ///< Additional headers: the credentials of the proxy, which are secret.
};

/// Opens connections. Tests script it; `NetworkConnector` is the real one.
class Connector {
 public:
  virtual ~Connector() = default;

  /// Resolves, connects (every address in turn), passes the proxy and shakes hands, before `deadline`.
  /// Runs on, and the stream belongs to, `strand`.
  /// @throws ChromaHttpClientError with RequestError: stage resolve, connect, proxy, tls, timeout or
  /// cancelled
  virtual asio::awaitable<std::unique_ptr<ByteStream>> connect(asio::any_io_executor strand,
                                                               Clock::time_point deadline) = 0;

  /// The same for every connection, as long as the connector lives.
  [[nodiscard]] virtual const Route& route() const noexcept {
    static const Route direct;
    return direct;
  }
};

}  // namespace chroma::transport
