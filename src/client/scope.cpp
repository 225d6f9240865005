// Which tenant and database a call goes to, asked from the server when the caller has not said.
#include "client/call.hpp"
#include "codec/system.hpp"

#include <algorithm>

namespace chroma::detail {
namespace {

// The server's word for "all of them", which names none.
constexpr std::string_view any = "*";

asio::awaitable<GetUserIdentityResponse> ask_identity(Call call) {
  return send<NoBody, NoQuery, GetUserIdentityResponse>(std::move(call), op::get_auth_identity,
                                                        "/auth/identity", NoBody(), NoQuery());
}

asio::awaitable<GetUserIdentityResponse> identity(Call call) {
  const auto deadline = call.deadline;
  auto flight = call.state->scope().identity();
  Scope::Identity::Fetch fetch = [call] { return ask_identity(call); };
  return Scope::Identity::get(std::move(flight), std::move(fetch), deadline);
}

[[noreturn]] void unresolved(const Call& call, std::string message) {
  // Rights may be granted later: what did not lead anywhere is asked anew.
  call.state->scope().identity()->reset();
  throw ChromaHttpClientError(CouldNotResolveDatabaseId{std::move(message)});
}

}  // namespace

asio::awaitable<std::string> resolve_tenant(Call call) {
  if (auto tenant = call.state->scope().tenant()) co_return std::move(*tenant);
  auto who = co_await identity(call);
  if (who.tenant.empty() || who.tenant == any) {
    unresolved(call, "the credentials do not belong to one tenant; please provide a tenant_id");
  }
  co_return std::move(who.tenant);
}

asio::awaitable<std::string> resolve_database(Call call) {
  if (auto database = call.state->scope().database()) co_return std::move(*database);
  auto who = co_await identity(call);
  if (who.databases.empty()) unresolved(call, "Client has access to no databases");
  const bool all = std::find(who.databases.begin(), who.databases.end(), any) != who.databases.end();
  if (all || who.databases.size() > 1) {
    unresolved(call, "Client has access to multiple databases; please provide a database_name");
  }
  co_return std::move(who.databases.front());
}

asio::awaitable<std::string> tenant_path(Call call) {
  const auto tenant = co_await resolve_tenant(std::move(call));
  co_return "/tenants" + segment("tenant_id", tenant);
}

asio::awaitable<std::string> database_path(Call call) {
  auto path = co_await tenant_path(call);
  const auto database = co_await resolve_database(std::move(call));
  path += "/databases" + segment("database_name", database);
  co_return path;
}

}  // namespace chroma::detail
