// The operations on the server, on tenants and on databases.
#include "testing/failure.hpp"
#include "testing/fake_chroma.hpp"
#include "testing/names.hpp"
#include "testing/responses.hpp"

#include <chrono>

namespace chroma::testing {
namespace {

constexpr const char* default_tenant = "default_tenant";
constexpr const char* default_database = "default_database";

std::string read_name(const Call& call) {
  return read_text(required_member(parse_body(call.request), "name"), "name");
}

}  // namespace

FakeChroma::FakeChroma() {
  tenants_.insert(default_tenant);
  databases_.emplace(Scope(default_tenant, default_database), uuid_of(0));
}

std::string FakeChroma::next_id() {
  return uuid_of(++ids_);
}

HttpReply FakeChroma::heartbeat(const Call&) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return json_reply({{"nanosecond heartbeat", std::chrono::nanoseconds(now).count()}});
}

HttpReply FakeChroma::version(const Call&) {
  return json_reply("1.0.0");
}

HttpReply FakeChroma::pre_flight_checks(const Call&) {
  return json_reply({{"max_batch_size", 5461}, {"supports_base64_encoding", true}});
}

HttpReply FakeChroma::healthcheck(const Call&) {
  return json_reply({{"is_executor_ready", true}, {"is_log_client_ready", true}});
}

HttpReply FakeChroma::get_auth_identity(const Call&) {
  return json_reply(
      {{"user_id", ""}, {"tenant", default_tenant}, {"databases", Json::array({default_database})}});
}

HttpReply FakeChroma::reset(const Call&) {
  *this = FakeChroma();
  return json_reply(true);
}

HttpReply FakeChroma::create_tenant(const Call& call) {
  const auto name = read_name(call);
  if (name.size() < 3) {
    throw Failure(400,
                  R"(Validation error: name: Validation error: length [{"min": Number(3), "value": String()" +
                      Json(name).dump() + ")}]");
  }
  if (!tenants_.insert(name).second) throw Failure(409, "Tenant [" + name + "] already exists");
  return {};
}

HttpReply FakeChroma::get_tenant(const Call& call) {
  const auto& name = call.arguments[0];
  if (!tenants_.contains(name)) throw Failure(404, "Tenant [" + name + "] not found");
  return json_reply({{"name", name}, {"resource_name", nullptr}});
}

HttpReply FakeChroma::update_tenant(const Call& call) {
  const auto body = parse_body(call.request);
  static_cast<void>(read_text(required_member(body, "resource_name"), "resource_name"));
  return {};
}

// The server does not check whether the tenant exists.
HttpReply FakeChroma::create_database(const Call& call) {
  const auto name = read_name(call);
  if (const auto fault = name_fault(name); !fault.empty()) throw Failure(400, fault);
  if (databases_.contains(Scope(call.arguments[0], name))) {
    throw Failure(409, "Database [" + name + "] already exists");
  }
  databases_.emplace(Scope(call.arguments[0], name), next_id());
  return {};
}

HttpReply FakeChroma::list_databases(const Call& call) {
  const auto limit = query_number(call.query, "limit");
  auto to_skip = query_number(call.query, "offset").value_or(0);
  auto list = Json::array();
  for (const auto& [scope, id] : databases_) {
    if (scope.first != call.arguments[0]) continue;
    if (limit && list.size() == *limit) break;
    if (to_skip > 0) {
      --to_skip;
    } else {
      list.push_back({{"id", id}, {"name", scope.second}, {"tenant", scope.first}});
    }
  }
  return json_reply(list);
}

HttpReply FakeChroma::get_database(const Call& call) {
  const auto& name = call.arguments[1];
  if (name.size() < 3) throw Failure(400, "database name must be at least 3 characters");
  const auto found = databases_.find(Scope(call.arguments[0], name));
  if (found == databases_.end()) {
    throw Failure(404, "Database [" + name + "] not found. Are you sure it exists?");
  }
  return json_reply({{"id", found->second}, {"name", name}, {"tenant", call.arguments[0]}});
}

HttpReply FakeChroma::delete_database(const Call& call) {
  const Scope scope(call.arguments[0], call.arguments[1]);
  if (databases_.erase(scope) == 0) throw Failure(404, "Database [" + scope.second + "] not found");
  std::erase_if(collections_, [&](const auto& entry) {
    return Scope(entry.second.tenant, entry.second.database) == scope;
  });
  return {};
}

}  // namespace chroma::testing
