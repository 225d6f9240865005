#include "codec/system.hpp"
#include "json/fields.hpp"

namespace chroma {

void write(json::Writer& out, const HeartbeatResponse& response) {
  write_object(out, "nanosecond heartbeat", response.nanosecond_heartbeat);
}

void write(json::Writer& out, const GetUserIdentityResponse& response) {
  write_object(out, "user_id", response.user_id, "tenant", response.tenant, "databases", response.databases);
}

void write(json::Writer& out, const PreFlightChecks& response) {
  write_object(out, "max_batch_size", response.max_batch_size, "supports_base64_encoding",
               response.supports_base64_encoding);
}

void write(json::Writer& out, const HealthcheckResponse& response) {
  write_object(out, "is_executor_ready", response.is_executor_ready, "is_log_client_ready",
               response.is_log_client_ready);
}

void write(json::Writer& out, const IndexStatusResponse& response) {
  write_object(out, "op_indexing_progress", response.op_indexing_progress, "num_unindexed_ops",
               response.num_unindexed_ops, "num_indexed_ops", response.num_indexed_ops, "total_ops",
               response.total_ops);
}

void write(json::Writer& out, const Tenant& response) {
  write_object(out, "name", response.name, "resource_name", response.resource_name);
}

void write(json::Writer& out, const Database& response) {
  write_object(out, "id", response.id, "name", response.name);
}

core::Buffer codec::encode_name(std::string_view name) {
  core::Buffer text;
  json::Writer out(text);
  write_object(out, "name", name);
  return text;
}

}  // namespace chroma
