// Makes the state of client handles from options. make_http_client checks the options that all HTTP clients
// have in common; the other options are checked here.
#include "client/client_state.hpp"

#include "core/ascii.hpp"
#include "core/cloud_host.hpp"
#include "transport/http_client.hpp"
#include "transport/request_headers.hpp"

#include <algorithm>
#include <utility>

namespace chroma::detail {
namespace {

constexpr std::string_view api_path = "/api/v2";

/// The client appends the path of the API itself.
void check_endpoint(std::string_view endpoint) {
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  if (!endpoint.ends_with(api_path)) return;
  throw ChromaHttpClientOptionsError(
      ChromaHttpClientOptionsError::Kind::InvalidEndpoint,
      "Invalid endpoint URL: leave out \"/api/v2\" at its end; the client appends that path itself");
}

/// The header of the auth method replaces the header of the previous method and a header of the same name.
void set_auth(CallSettings& settings, const ChromaAuthMethod& auth) {
  settings.headers = settings.without_auth;
  if (!auth.name().empty()) transport::set_header(settings.headers, auth.name(), auth.value());
}

transport::HttpClientOptions http_options(const ChromaHttpClientOptions& options) {
  transport::HttpClientOptions result;
  result.endpoint = options.endpoint;
  result.tls = options.tls;
  result.proxy = options.proxy;
  result.connect_timeout = options.connect_timeout;
  result.request_timeout = options.request_timeout;
  result.idle_timeout = options.idle_timeout;
  result.tcp_keepalive = options.tcp_keepalive;
  result.max_connections = options.max_connections;
  result.max_response_bytes = options.max_response_bytes;
  result.retry_options = options.retry_options;
  result.default_headers = options.default_headers;
  result.observer = options.observer;
  result.logger = options.logger;
  return result;
}

}  // namespace

bool has_cloud_token(const Headers& headers) {
  return std::ranges::any_of(
      headers, [](const auto& header) { return core::lower_case(header.first) == "x-chroma-token"; });
}

std::shared_ptr<ClientState> make_client_state(asio::any_io_executor executor,
                                               ChromaHttpClientOptions options) {
  check_endpoint(options.endpoint);
  auto http = transport::make_http_client(executor, http_options(options));
  const bool cloud = core::is_cloud_url(http.server) || has_cloud_token(options.default_headers);
  const auto backend = std::make_shared<const Backend>(std::move(executor), std::move(http), cloud);
  const Scope scope(options.tenant_id, options.database_name);
  const auto shared = std::make_shared<const ChromaHttpClientOptions>(std::move(options));
  CallSettings settings{
      {},    {}, shared->request_timeout, shared->retry_options, shared->embedding_encoding, shared->logger,
      shared};
  set_auth(settings, shared->auth_method);
  return std::make_shared<ClientState>(backend, std::move(settings), scope);
}

std::shared_ptr<ClientState> ClientState::with_options(const CallOptions& options) const {
  auto settings = settings_;
  if (options.timeout) {
    transport::check_duration("timeout", *options.timeout);
    settings.timeout = *options.timeout;
  }
  if (options.retry) {
    transport::check_retry_options(*options.retry);
    settings.retry = *options.retry;
  }
  if (options.embedding_encoding) settings.encoding = *options.embedding_encoding;
  transport::set_headers(settings.headers, options.headers);
  transport::set_headers(settings.without_auth, options.headers);
  return std::make_shared<ClientState>(backend_, std::move(settings), scope_);
}

std::shared_ptr<ClientState> ClientState::with_scope(const ChromaAuthMethod& auth, std::string tenant,
                                                     std::string database) const {
  auto settings = settings_;
  set_auth(settings, auth);
  auto options = *settings.options;
  options.auth_method = auth;
  options.tenant_id = tenant;
  options.database_name = database;
  settings.options = std::make_shared<const ChromaHttpClientOptions>(std::move(options));
  return std::make_shared<ClientState>(backend_, std::move(settings),
                                       Scope(std::move(tenant), std::move(database)));
}

}  // namespace chroma::detail
