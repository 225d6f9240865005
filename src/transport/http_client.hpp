#pragma once

#include "transport/http_transport.hpp"

#include <chroma/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace chroma::transport {

/// What all HTTP clients of this library have in common: ChromaHttpClient and the embedding functions that
/// call a service. The members have the names, defaults and meaning of those of ChromaHttpClientOptions.
struct HttpClientOptions {
  std::string endpoint;
  TlsOptions tls;
  std::optional<std::string> proxy;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds request_timeout{60'000};
  std::chrono::milliseconds idle_timeout{30'000};
  bool tcp_keepalive = true;
  std::size_t max_connections = 64;
  std::size_t max_response_bytes = std::size_t(1) << 30;
  ChromaRetryOptions retry_options;
  Headers default_headers;
  Observer observer;
  Logger logger;
};

/// An endpoint and the transport to it. A copy shares the transport.
struct HttpClient {
  std::string server;     ///< "http://host:port/prefix", for messages; without user and password.
  std::string base_path;  ///< The endpoint's path without a '/' at its end: "/prefix", or "".
  /// Sends with every request the default headers and those that belong to the endpoint: user-agent, accept
  /// and, if the endpoint's URL has a user or a password, Basic authorization. A request's own headers
  /// replace those of the same name.
  HttpTransport transport;
};

/// Checks the options and makes the client. No I/O.
/// @throws ChromaHttpClientOptionsError
[[nodiscard]] HttpClient make_http_client(asio::any_io_executor executor, const HttpClientOptions& options);

/// @throws ChromaHttpClientOptionsError, which names the option, if the duration is negative
void check_duration(const char* option, std::chrono::milliseconds value);

/// @throws ChromaHttpClientOptionsError if a delay is negative
void check_retry_options(const ChromaRetryOptions& options);

}  // namespace chroma::transport
