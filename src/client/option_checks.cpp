// From options to a client's state: everything that can be wrong with options is found here.
#include "client/client_state.hpp"
#include "core/base64.hpp"
#include "core/header_text.hpp"
#include "transport/network_connector.hpp"
#include "transport/url.hpp"

#include <chroma/version.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace chroma::detail {
namespace {

using Kind = ChromaHttpClientOptionsError::Kind;

[[noreturn]] void refuse(Kind kind, const std::string& reason) {
  throw ChromaHttpClientOptionsError(kind, reason);
}

void require_not_negative(const char* option, std::chrono::milliseconds value) {
  if (value < std::chrono::milliseconds::zero()) {
    refuse(Kind::MissingConfiguration, std::string(option) + " must not be negative (zero is allowed)");
  }
}

void require_positive(const char* option, std::size_t value) {
  if (value == 0) refuse(Kind::MissingConfiguration, std::string(option) + " must be at least 1");
}

void check(const ChromaRetryOptions& retry) {
  require_not_negative("retry_options.min_delay", retry.min_delay);
  require_not_negative("retry_options.max_delay", retry.max_delay);
}

// What the transport writes itself, where a second one would let a request be read in two ways; and what
// would ask for answers in a form that it does not read.
bool is_reserved(std::string_view name) {
  constexpr std::string_view reserved[] = {
      "host", "content-length", "transfer-encoding", "connection",      "content-type",
      "te",   "trailer",        "upgrade",           "accept-encoding", "expect"};
  return std::any_of(std::begin(reserved), std::end(reserved),
                     [&](std::string_view other) { return core::same_header_name(name, other); });
}

/// Later headers replace earlier ones of the same name.
void set_header(Headers& headers, std::string_view name, std::string_view value) {
  if (!core::is_header_name(name)) {
    refuse(Kind::InvalidHeaderValue, "'" + std::string(name) + "' cannot be the name of a header");
  }
  if (is_reserved(name)) refuse(Kind::InvalidHeaderValue, "the client sets " + std::string(name) + " itself");
  const auto content = core::trimmed(value);
  if (!core::is_header_value(content)) {
    refuse(Kind::InvalidHeaderValue, "failed to parse header value: that of " + std::string(name) +
                                         " has characters other than visible ASCII, blanks and tabs");
  }
  const auto same = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
    return core::same_header_name(header.first, name);
  });
  if (same == headers.end()) {
    headers.emplace_back(name, content);
  } else {
    same->second = content;
  }
}

void set_headers(Headers& headers, const Headers& more) {
  for (const auto& [name, value] : more) set_header(headers, name, value);
}

/// The auth method's header in place of the one before, and of others of its name.
void set_auth(CallSettings& settings, const ChromaAuthMethod& auth) {
  settings.headers = settings.without_auth;
  if (!auth.name().empty()) set_header(settings.headers, auth.name(), auth.value());
}

transport::Url parse_endpoint(const std::string& endpoint) {
  transport::Url url;
  try {
    url = transport::parse_url(endpoint);
  } catch (const std::invalid_argument& error) {
    refuse(Kind::InvalidEndpoint, error.what());
  }
  if (!url.query.empty() || !url.fragment.empty()) {
    refuse(Kind::InvalidEndpoint, "it must not have a query or a fragment; only its path is kept");
  }
  while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
  return url;
}

transport::TransportOptions transport_options(const ChromaHttpClientOptions& options,
                                              transport::Origin origin) {
  require_positive("max_connections", options.max_connections);
  require_positive("max_response_bytes", options.max_response_bytes);
  require_not_negative("connect_timeout", options.connect_timeout);
  require_not_negative("idle_timeout", options.idle_timeout);
  transport::TransportOptions result;
  result.origin = std::move(origin);
  result.max_connections = options.max_connections;
  result.idle_timeout = options.idle_timeout;
  result.connect_timeout = options.connect_timeout;
  result.max_response_bytes = options.max_response_bytes;
  result.observer = options.observer;
  result.logger = options.logger;
  return result;
}

CallSettings call_settings(const ChromaHttpClientOptions& options, const transport::Url& endpoint) {
  require_not_negative("request_timeout", options.request_timeout);
  check(options.retry_options);
  CallSettings settings{{}, {}, options.request_timeout, options.retry_options};
  Headers& headers = settings.without_auth;
  set_header(headers, "user-agent", "chroma-cpp/" CHROMA_VERSION_STRING);
  set_header(headers, "accept", "application/json");
  if (!endpoint.user.empty() || !endpoint.password.empty()) {
    set_header(headers, "authorization",
               "Basic " + core::base64_encode(endpoint.user + ":" + endpoint.password));
  }
  set_headers(headers, options.default_headers);
  set_auth(settings, options.auth_method);
  return settings;
}

std::unique_ptr<transport::Connector> make_connector(const ChromaHttpClientOptions& options,
                                                     const transport::Origin& origin) {
  try {
    return transport::make_network_connector(origin, options.tls, options.proxy);
  } catch (const std::invalid_argument& error) {
    refuse(Kind::InvalidEndpoint, std::string("proxy: ") + error.what());
  } catch (const ChromaHttpClientError& error) {
    const auto* request = error.get_if<RequestError>();
    refuse(Kind::MissingConfiguration, request ? request->message : error.what());
  }
}

}  // namespace

std::shared_ptr<ClientState> make_client_state(asio::any_io_executor executor,
                                               ChromaHttpClientOptions options) {
  const auto endpoint = parse_endpoint(options.endpoint);
  auto settings = call_settings(options, endpoint);
  auto connector = make_connector(options, endpoint.origin);
  const auto connection = std::shared_ptr<const Connection>(new Connection{
      endpoint.origin.to_string() + endpoint.path,
      endpoint.path + "/api/v2",
      transport::HttpTransport(std::move(executor), std::move(connector),
                               transport_options(options, endpoint.origin)),
      options.embedding_encoding,
      options.logger,
  });
  return std::make_shared<ClientState>(connection, std::move(settings),
                                       Scope(std::move(options.tenant_id), std::move(options.database_name)));
}

std::shared_ptr<ClientState> ClientState::with_options(CallOptions options) const {
  auto settings = settings_;
  if (options.timeout) {
    require_not_negative("timeout", *options.timeout);
    settings.timeout = *options.timeout;
  }
  if (options.retry) {
    check(*options.retry);
    settings.retry = *options.retry;
  }
  set_headers(settings.headers, options.headers);
  set_headers(settings.without_auth, options.headers);
  return std::make_shared<ClientState>(connection_, std::move(settings), scope_);
}

std::shared_ptr<ClientState> ClientState::with_scope(const ChromaAuthMethod& auth, std::string tenant,
                                                     std::string database) const {
  auto settings = settings_;
  set_auth(settings, auth);
  return std::make_shared<ClientState>(connection_, std::move(settings),
                                       Scope(std::move(tenant), std::move(database)));
}

}  // namespace chroma::detail
