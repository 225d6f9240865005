#include "client/call.hpp"
#include "codec/system.hpp"

#include <chroma/client.hpp>

#include <utility>

namespace chroma {

using namespace detail;

namespace {

asio::awaitable<HealthcheckResponse> run_healthcheck(Call call) {
  const auto response = co_await exchange(call, "/healthcheck", nullptr);
  if (response.status != call.operation.expected_error_status) require_success(response, call.operation);
  // A response with status 503 may come from a gateway, and then its body is not that of Chroma.
  try {
    co_return codec::decode<HealthcheckResponse>(response.body.view());
  } catch (const ChromaHttpClientError& error) {
    require_success(response, call.operation);
    throw_undecodable(error, response);
  }
}

asio::awaitable<void> run_create_tenant(Call call, std::string name) {
  require_name("name", name);
  codec::NameBody body{std::move(name)};
  co_await send<void>(std::move(call), Path("/tenants"), std::move(body));
}

asio::awaitable<Tenant> run_get_tenant(Call call, std::string name) {
  Path path("/tenants");
  path.name("name", name);
  co_return co_await send<Tenant>(std::move(call), std::move(path));
}

asio::awaitable<void> run_create_database(Call call, std::string name) {
  require_name("name", name);
  auto path = co_await tenant_path(call);
  path.fixed("/databases");
  codec::NameBody body{std::move(name)};
  co_await send<void>(std::move(call), std::move(path), std::move(body));
}

asio::awaitable<std::vector<Database>> run_list_databases(Call call) {
  auto path = co_await tenant_path(call);
  path.fixed("/databases");
  co_return co_await send<std::vector<Database>>(std::move(call), std::move(path));
}

template <class Response>
asio::awaitable<Response> run_on_database(Call call, std::string name) {
  require_name("name", name);
  auto path = co_await tenant_path(call);
  path.fixed("/databases").name("name", name);
  co_return co_await send<Response>(std::move(call), std::move(path));
}

/// A request to a fixed path.
template <class Response>
asio::awaitable<Response> run_get(Call call, const char* path) {
  return send<Response>(std::move(call), Path(path));
}

}  // namespace

ChromaHttpClient::ChromaHttpClient(asio::any_io_executor executor)
    : ChromaHttpClient(std::move(executor), ChromaHttpClientOptions()) {}
ChromaHttpClient::ChromaHttpClient(asio::any_io_executor executor, ChromaHttpClientOptions options)
    : state_(make_client_state(std::move(executor), std::move(options))) {}
ChromaHttpClient::ChromaHttpClient(std::shared_ptr<ClientState> state) noexcept : state_(std::move(state)) {}

ChromaHttpClient ChromaHttpClient::from_env(asio::any_io_executor executor) {
  return ChromaHttpClient(std::move(executor), ChromaHttpClientOptions::from_env());
}
ChromaHttpClient ChromaHttpClient::cloud(asio::any_io_executor executor) {
  return ChromaHttpClient(std::move(executor), ChromaHttpClientOptions::from_cloud_env());
}

ChromaHttpClient::ChromaHttpClient(const ChromaHttpClient& other)
    : state_(other.state_ ? std::make_shared<ClientState>(*other.state_) : nullptr) {}
ChromaHttpClient& ChromaHttpClient::operator=(const ChromaHttpClient& other) {
  state_ = other.state_ ? std::make_shared<ClientState>(*other.state_) : nullptr;
  return *this;
}
ChromaHttpClient::ChromaHttpClient(ChromaHttpClient&& other) noexcept = default;
ChromaHttpClient& ChromaHttpClient::operator=(ChromaHttpClient&& other) noexcept = default;
ChromaHttpClient::~ChromaHttpClient() = default;

void ChromaHttpClient::set_database_name(std::string name) {
  require_client(state_).scope().set_database(std::move(name));
}
void ChromaHttpClient::set_tenant_id(std::string tenant) {
  require_client(state_).scope().set_tenant(std::move(tenant));
}

ChromaHttpClient ChromaHttpClient::with_timeout(std::chrono::milliseconds timeout) const {
  CallOptions options;
  options.timeout = timeout;
  return with_options(std::move(options));
}
ChromaHttpClient ChromaHttpClient::with_options(CallOptions options) const {
  return ChromaHttpClient(require_client(state_).with_options(options));
}
ChromaHttpClient ChromaHttpClient::with_scope(ChromaAuthMethod auth, std::string tenant,
                                              std::string database) const {
  return ChromaHttpClient(require_client(state_).with_scope(auth, std::move(tenant), std::move(database)));
}

asio::awaitable<std::string> ChromaHttpClient::get_database_name() const {
  return run_operation(op::get_auth_identity, state_, resolve_database);
}
asio::awaitable<std::string> ChromaHttpClient::get_tenant_id() const {
  return run_operation(op::get_auth_identity, state_, resolve_tenant);
}

asio::awaitable<HeartbeatResponse> ChromaHttpClient::heartbeat() const {
  return run_operation(op::heartbeat, state_, run_get<HeartbeatResponse>, "/heartbeat");
}
asio::awaitable<GetUserIdentityResponse> ChromaHttpClient::get_auth_identity() const {
  return run_operation(op::get_auth_identity, state_, run_get<GetUserIdentityResponse>, "/auth/identity");
}
asio::awaitable<std::string> ChromaHttpClient::version() const {
  return run_operation(op::version, state_, run_get<std::string>, "/version");
}
asio::awaitable<PreFlightChecks> ChromaHttpClient::pre_flight_checks() const {
  return run_operation(op::pre_flight_checks, state_, run_get<PreFlightChecks>, "/pre-flight-checks");
}
asio::awaitable<HealthcheckResponse> ChromaHttpClient::healthcheck() const {
  return run_operation(op::healthcheck, state_, run_healthcheck);
}
asio::awaitable<bool> ChromaHttpClient::reset() const {
  return run_operation(op::reset, state_, run_get<bool>, "/reset");
}

asio::awaitable<void> ChromaHttpClient::create_tenant(std::string name) const {
  return run_operation(op::create_tenant, state_, run_create_tenant, std::move(name));
}
asio::awaitable<Tenant> ChromaHttpClient::get_tenant(std::string name) const {
  return run_operation(op::get_tenant, state_, run_get_tenant, std::move(name));
}

asio::awaitable<void> ChromaHttpClient::create_database(std::string name) const {
  return run_operation(op::create_database, state_, run_create_database, std::move(name));
}
asio::awaitable<std::vector<Database>> ChromaHttpClient::list_databases() const {
  return run_operation(op::list_databases, state_, run_list_databases);
}
asio::awaitable<Database> ChromaHttpClient::get_database(std::string name) const {
  return run_operation(op::get_database, state_, run_on_database<Database>, std::move(name));
}
asio::awaitable<void> ChromaHttpClient::delete_database(std::string name) const {
  return run_operation(op::delete_database, state_, run_on_database<void>, std::move(name));
}

asio::any_io_executor ChromaHttpClient::get_executor() const {
  return require_client(state_).backend().executor;
}

ClientSettings ChromaHttpClient::settings() const {
  const auto& backend = require_client(state_).backend();
  const auto& own = state_->settings();
  ClientSettings settings;
  settings.endpoint = backend.http.server;
  settings.cloud = backend.cloud || has_cloud_token(own.headers);
  settings.request_timeout = own.timeout;
  settings.embedding_encoding = own.encoding;
  settings.logger = own.logger;
  return settings;
}

}  // namespace chroma
