#include "client/call.hpp"
#include "codec/system.hpp"

#include <chroma/client.hpp>

#include <utility>

namespace chroma {

using namespace detail;

namespace {

asio::awaitable<HealthcheckResponse> run_healthcheck(Call call) {
  const auto target = call.state->connection().base_path + "/healthcheck";
  const auto response = co_await exchange(call, call.operation, target, false, core::Buffer());
  if (response.status != call.operation.answer_status) require_success(response, call.operation);
  // A gateway's 503 has another body than the server's.
  try {
    co_return codec::decode<HealthcheckResponse>(response.body.view());
  } catch (const ChromaHttpClientError& error) {
    require_success(response, call.operation);
    throw_unreadable(error, response);
  }
}

asio::awaitable<void> run_create_tenant(Call call, std::string name) {
  static_cast<void>(segment("name", name));
  co_await send_body<void>(std::move(call), "/tenants", codec::encode_name(name));
}

asio::awaitable<Tenant> run_get_tenant(Call call, std::string name) {
  const auto path = "/tenants" + segment("name", name);
  co_return co_await send_bodiless<Tenant>(std::move(call), path);
}

asio::awaitable<void> run_create_database(Call call, std::string name) {
  static_cast<void>(segment("name", name));
  const auto path = co_await tenant_path(call);
  co_await send_body<void>(std::move(call), path + "/databases", codec::encode_name(name));
}

asio::awaitable<std::vector<Database>> run_list_databases(Call call) {
  const auto path = co_await tenant_path(call);
  co_return co_await send_bodiless<std::vector<Database>>(std::move(call), path + "/databases");
}

template <class Response>
asio::awaitable<Response> run_on_database(Call call, std::string name) {
  const auto last = segment("name", name);
  const auto path = co_await tenant_path(call);
  co_return co_await send_bodiless<Response>(std::move(call), path + "/databases" + last);
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
    : state_(std::make_shared<ClientState>(*other.state_)) {}
ChromaHttpClient& ChromaHttpClient::operator=(const ChromaHttpClient& other) {
  state_ = std::make_shared<ClientState>(*other.state_);
  return *this;
}
ChromaHttpClient::ChromaHttpClient(ChromaHttpClient&& other) noexcept = default;
ChromaHttpClient& ChromaHttpClient::operator=(ChromaHttpClient&& other) noexcept = default;
ChromaHttpClient::~ChromaHttpClient() = default;

void ChromaHttpClient::set_database_name(std::string name) {
  state_->scope().set_database(std::move(name));
}
void ChromaHttpClient::set_tenant_id(std::string tenant) {
  state_->scope().set_tenant(std::move(tenant));
}

ChromaHttpClient ChromaHttpClient::with_options(CallOptions options) const {
  return ChromaHttpClient(state_->with_options(std::move(options)));
}
ChromaHttpClient ChromaHttpClient::with_scope(ChromaAuthMethod auth, std::string tenant,
                                              std::string database) const {
  return ChromaHttpClient(state_->with_scope(auth, std::move(tenant), std::move(database)));
}

asio::awaitable<std::string> ChromaHttpClient::get_database_name() const {
  return guarded(op::get_auth_identity, state_, resolve_database);
}
asio::awaitable<std::string> ChromaHttpClient::get_tenant_id() const {
  return guarded(op::get_auth_identity, state_, resolve_tenant);
}

asio::awaitable<HeartbeatResponse> ChromaHttpClient::heartbeat() const {
  return guarded(op::heartbeat, state_, send_bodiless<HeartbeatResponse>, "/heartbeat");
}
asio::awaitable<GetUserIdentityResponse> ChromaHttpClient::get_auth_identity() const {
  return guarded(op::get_auth_identity, state_, send_bodiless<GetUserIdentityResponse>, "/auth/identity");
}
asio::awaitable<std::string> ChromaHttpClient::version() const {
  return guarded(op::version, state_, send_bodiless<std::string>, "/version");
}
asio::awaitable<PreFlightChecks> ChromaHttpClient::pre_flight_checks() const {
  return guarded(op::pre_flight_checks, state_, send_bodiless<PreFlightChecks>, "/pre-flight-checks");
}
asio::awaitable<HealthcheckResponse> ChromaHttpClient::healthcheck() const {
  return guarded(op::healthcheck, state_, run_healthcheck);
}
asio::awaitable<bool> ChromaHttpClient::reset() const {
  return guarded(op::reset, state_, send_bodiless<bool>, "/reset");
}

asio::awaitable<void> ChromaHttpClient::create_tenant(std::string name) const {
  return guarded(op::create_tenant, state_, run_create_tenant, std::move(name));
}
asio::awaitable<Tenant> ChromaHttpClient::get_tenant(std::string name) const {
  return guarded(op::get_tenant, state_, run_get_tenant, std::move(name));
}

asio::awaitable<void> ChromaHttpClient::create_database(std::string name) const {
  return guarded(op::create_database, state_, run_create_database, std::move(name));
}
asio::awaitable<std::vector<Database>> ChromaHttpClient::list_databases() const {
  return guarded(op::list_databases, state_, run_list_databases);
}
asio::awaitable<Database> ChromaHttpClient::get_database(std::string name) const {
  return guarded(op::get_database, state_, run_on_database<Database>, std::move(name));
}
asio::awaitable<void> ChromaHttpClient::delete_database(std::string name) const {
  return guarded(op::delete_database, state_, run_on_database<void>, std::move(name));
}

}  // namespace chroma
