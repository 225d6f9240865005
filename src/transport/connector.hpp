#pragma once

#include "transport/byte_stream.hpp"
#include "transport/http_message.hpp"
#include "transport/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace chroma::transport {

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
};

}  // namespace chroma::transport
