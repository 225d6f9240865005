#include "transport/http_client.hpp"

#include "core/base64.hpp"
#include "transport/network_connector.hpp"
#include "transport/request_headers.hpp"
#include "transport/url.hpp"

#include <chroma/error.hpp>
#include <chroma/version.hpp>

#include <memory>
#include <stdexcept>
#include <utility>

namespace chroma::transport {
namespace {

using Kind = ChromaHttpClientOptionsError::Kind;

void check_at_least_one(const char* option, std::size_t value) {
  if (value > 0) return;
  throw ChromaHttpClientOptionsError(Kind::MissingConfiguration,
                                     "Invalid option: " + std::string(option) + " must be at least 1");
}

Url parse_endpoint(const std::string& endpoint) {
  Url url;
  try {
    url = parse_url(endpoint);
  } catch (const std::invalid_argument& error) {
    throw ChromaHttpClientOptionsError(Kind::InvalidEndpoint,
                                       std::string("Invalid endpoint URL: ") + error.what());
  }
  if (!url.query.empty() || !url.fragment.empty()) {
    throw ChromaHttpClientOptionsError(
        Kind::InvalidEndpoint,
        "Invalid endpoint URL: it must not have a query or a fragment; only its path is kept");
  }
  while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
  return url;
}

Headers endpoint_headers(const Url& endpoint, const Headers& default_headers) {
  Headers headers;
  set_header(headers, "user-agent", "chroma-cpp/" CHROMA_VERSION_STRING);
  set_header(headers, "accept", "application/json");
  headers.emplace_back("accept-encoding", "identity");  // No content coding is decoded.
  if (!endpoint.user.empty() || !endpoint.password.empty()) {
    set_header(headers, "authorization",
               "Basic " + core::base64_encode(endpoint.user + ":" + endpoint.password));
  }
  set_headers(headers, default_headers);
  return headers;
}

std::unique_ptr<Connector> make_connector(const HttpClientOptions& options, const Origin& origin) {
  try {
    return make_network_connector(origin, options.tls, options.proxy, NetworkHooks(), options.tcp_keepalive);
  } catch (const std::invalid_argument& error) {
    throw ChromaHttpClientOptionsError(Kind::InvalidEndpoint,
                                       std::string("Invalid proxy URL: ") + error.what());
  } catch (const ChromaHttpClientError& error) {
    const auto* request = error.get_if<RequestError>();
    throw ChromaHttpClientOptionsError(
        Kind::MissingConfiguration,
        "Invalid TLS option: " + (request != nullptr ? request->message : std::string(error.what())));
  }
}

}  // namespace

void check_duration(const char* option, std::chrono::milliseconds value) {
  if (value.count() >= 0) return;
  throw ChromaHttpClientOptionsError(Kind::MissingConfiguration,
                                     "Invalid option: " + std::string(option) + " must not be negative");
}

void check_retry_options(const ChromaRetryOptions& options) {
  check_duration("retry_options.min_delay", options.min_delay);
  check_duration("retry_options.max_delay", options.max_delay);
  check_duration("retry_options.max_retry_after", options.max_retry_after);
}

HttpClient make_http_client(asio::any_io_executor executor, const HttpClientOptions& options) {
  const Url endpoint = parse_endpoint(options.endpoint);
  check_duration("connect_timeout", options.connect_timeout);
  check_duration("request_timeout", options.request_timeout);
  check_duration("idle_timeout", options.idle_timeout);
  check_at_least_one("max_connections", options.max_connections);
  check_at_least_one("max_response_bytes", options.max_response_bytes);
  check_retry_options(options.retry_options);
  TransportOptions transport;
  transport.origin = endpoint.origin;
  transport.headers = endpoint_headers(endpoint, options.default_headers);
  transport.max_connections = options.max_connections;
  transport.idle_timeout = options.idle_timeout;
  transport.connect_timeout = options.connect_timeout;
  transport.max_response_bytes = options.max_response_bytes;
  transport.observer = options.observer;
  transport.logger = options.logger;
  auto connector = make_connector(options, endpoint.origin);
  return HttpClient{endpoint.origin.to_string() + endpoint.path, endpoint.path,
                    HttpTransport(std::move(executor), std::move(connector), std::move(transport))};
}

}  // namespace chroma::transport
