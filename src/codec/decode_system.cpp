#include "codec/system.hpp"
#include "json/read_object.hpp"

namespace chroma {
namespace {

/// A member to read, by name. All of them are required unless they are optional.
template <class T>
struct Member {
  const char* name;
  T& value;
  bool found = false;

  bool take(json::Reader& in, std::string_view key) {
    if (key != name) return false;
    read(in, value);
    return found = true;
  }
};

template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

template <class... Ts>
void read_members(json::Reader& in, Member<Ts>... members) {
  read_object(in, [&](std::string_view key) { return (members.take(in, key) || ...); });
  (require_member(in, members.found || is_optional<Ts>, members.name), ...);
}

}  // namespace

void read(json::Reader& in, HeartbeatResponse& response) {
  read_members(in, Member<std::uint64_t>{"nanosecond heartbeat", response.nanosecond_heartbeat});
}

void read(json::Reader& in, GetUserIdentityResponse& response) {
  read_members(in, Member<std::string>{"user_id", response.user_id},
               Member<std::string>{"tenant", response.tenant},
               Member<std::vector<std::string>>{"databases", response.databases});
}

void read(json::Reader& in, PreFlightChecks& response) {
  // Older servers do not send whether they support base64.
  std::optional<bool> base64;
  read_members(in, Member<std::uint32_t>{"max_batch_size", response.max_batch_size},
               Member<std::optional<bool>>{"supports_base64_encoding", base64});
  response.supports_base64_encoding = base64.value_or(false);
}

void read(json::Reader& in, HealthcheckResponse& response) {
  read_members(in, Member<bool>{"is_executor_ready", response.is_executor_ready},
               Member<bool>{"is_log_client_ready", response.is_log_client_ready});
}

void read(json::Reader& in, IndexStatusResponse& response) {
  read_members(in, Member<float>{"op_indexing_progress", response.op_indexing_progress},
               Member<std::uint64_t>{"num_unindexed_ops", response.num_unindexed_ops},
               Member<std::uint64_t>{"num_indexed_ops", response.num_indexed_ops},
               Member<std::uint64_t>{"total_ops", response.total_ops});
}

void read(json::Reader& in, Tenant& response) {
  read_members(in, Member<std::string>{"name", response.name},
               Member<std::optional<std::string>>{"resource_name", response.resource_name});
}

void read(json::Reader& in, Database& response) {
  read_members(in, Member<std::string>{"id", response.id}, Member<std::string>{"name", response.name});
}

void codec::read(json::Reader& in, ForkCount& response) {
  std::uint64_t count = 0;
  read_members(in, Member<std::uint64_t>{"count", count});
  response.count = static_cast<std::size_t>(count);
}

}  // namespace chroma
