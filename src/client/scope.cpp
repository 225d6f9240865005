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

// Another caller may have more time, and has not been cancelled.
bool is_own(const RequestError& failure) {
  return failure.stage == Stage::cancelled || failure.stage == Stage::timeout;
}

asio::awaitable<GetUserIdentityResponse> identity(Call call) {
  const Scope::Identity::Fetch fetch = [call] { return ask_identity(call); };
  auto who = co_await Scope::Identity::get(call.state->scope().identity(), fetch, call.deadline, is_own);
  if (who) co_return std::move(*who);
  throw ChromaHttpClientError(RequestError{
      Stage::timeout, std::make_error_code(std::errc::timed_out),
      "tenant and database were not known before the deadline: " + call.state->connection().server +
          " has not answered another call's question for them; is the server overloaded, or "
          "request_timeout too short?"});
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
