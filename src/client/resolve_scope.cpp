// Determines the tenant and the database of a call. If the caller has not given them, they are requested from
// the server.
#include "client/call.hpp"
#include "client/scope.hpp"
#include "codec/system.hpp"

#include <algorithm>

namespace chroma::detail {
namespace {

// In an identity response "*" means every tenant or every database.
constexpr std::string_view any = "*";

asio::awaitable<GetUserIdentityResponse> fetch_identity(Call call) {
  call.operation = op::get_auth_identity;
  return send<NoBody, NoQuery, GetUserIdentityResponse>(std::move(call), Path("/auth/identity"), NoBody(),
                                                        NoQuery());
}

// Waiting callers may have a later deadline and were not cancelled, so they do not share these failures.
bool concerns_caller_alone(const RequestError& failure) {
  return failure.stage == Stage::cancelled || failure.stage == Stage::timeout;
}

asio::awaitable<GetUserIdentityResponse> identity(Call call) {
  const Scope::Identity::Fetch fetch = [call] { return fetch_identity(call); };
  auto found = co_await Scope::Identity::get(call.state->scope().identity(), fetch, call.deadline,
                                             concerns_caller_alone);
  if (found) co_return std::move(*found);
  throw ChromaHttpClientError(
      RequestError{Stage::timeout, std::make_error_code(std::errc::timed_out),
                   "the tenant and the database were not known before the deadline: another call has asked " +
                       call.state->backend().http.server +
                       " for the identity of the credentials and has had no response yet; is the server "
                       "overloaded, or request_timeout too short?"});
}

[[noreturn]] void fail_unresolved(const Call& call, std::string message) {
  // The permissions of the credentials may change, so the next call requests the identity again.
  call.state->scope().identity()->reset();
  throw ChromaHttpClientError(CouldNotResolveDatabaseId{std::move(message)});
}

}  // namespace

asio::awaitable<std::string> resolve_tenant(Call call) {
  if (auto tenant = call.state->scope().tenant()) co_return std::move(*tenant);
  auto user = co_await identity(call);
  if (user.tenant.empty() || user.tenant == any) {
    fail_unresolved(call, "the credentials do not belong to one tenant; please provide a tenant_id");
  }
  co_return std::move(user.tenant);
}

asio::awaitable<std::string> resolve_database(Call call) {
  if (auto database = call.state->scope().database()) co_return std::move(*database);
  auto user = co_await identity(call);
  if (user.databases.empty()) fail_unresolved(call, "Client has access to no databases");
  const bool all = std::find(user.databases.begin(), user.databases.end(), any) != user.databases.end();
  if (all || user.databases.size() > 1) {
    fail_unresolved(call, "Client has access to multiple databases; please provide a database_name");
  }
  co_return std::move(user.databases.front());
}

asio::awaitable<Path> tenant_path(Call call) {
  const auto tenant = co_await resolve_tenant(std::move(call));
  Path path("/tenants");
  path.name("tenant_id", tenant);
  co_return path;
}

asio::awaitable<Path> database_path(Call call) {
  auto path = co_await tenant_path(call);
  const auto database = co_await resolve_database(std::move(call));
  path.fixed("/databases").name("database_name", database);
  co_return path;
}

}  // namespace chroma::detail
