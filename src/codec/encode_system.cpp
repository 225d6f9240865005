#include "codec/system.hpp"

namespace chroma::codec {

void write(JsonWriter& out, const HeartbeatResponse& response) {
  out.raw(R"({"nanosecond heartbeat":)");
  write(out, response.nanosecond_heartbeat);
  out.raw('}');
}

void write(JsonWriter& out, const GetUserIdentityResponse& response) {
  out.raw(R"({"user_id":)");
  write(out, response.user_id);
  out.raw(R"(,"tenant":)");
  write(out, response.tenant);
  out.raw(R"(,"databases":)");
  write(out, response.databases);
  out.raw('}');
}

void write(JsonWriter& out, const PreFlightChecks& response) {
  out.raw(R"({"max_batch_size":)");
  write(out, response.max_batch_size);
  out.raw(R"(,"supports_base64_encoding":)");
  write(out, response.supports_base64_encoding);
  out.raw('}');
}

void write(JsonWriter& out, const HealthcheckResponse& response) {
  out.raw(R"({"is_executor_ready":)");
  write(out, response.is_executor_ready);
  out.raw(R"(,"is_log_client_ready":)");
  write(out, response.is_log_client_ready);
  out.raw('}');
}

void write(JsonWriter& out, const IndexStatusResponse& response) {
  out.raw(R"({"op_indexing_progress":)");
  write(out, response.op_indexing_progress);
  out.raw(R"(,"num_unindexed_ops":)");
  write(out, response.num_unindexed_ops);
  out.raw(R"(,"num_indexed_ops":)");
  write(out, response.num_indexed_ops);
  out.raw(R"(,"total_ops":)");
  write(out, response.total_ops);
  out.raw('}');
}

void write(JsonWriter& out, const Tenant& response) {
  out.raw(R"({"name":)");
  write(out, response.name);
  out.raw(R"(,"resource_name":)");
  write(out, response.resource_name);
  out.raw('}');
}

void write(JsonWriter& out, const Database& response) {
  out.raw(R"({"id":)");
  write(out, response.id);
  out.raw(R"(,"name":)");
  write(out, response.name);
  out.raw('}');
}

core::Buffer encode_name(std::string_view name) {
  core::Buffer text;
  JsonWriter out(text);
  out.raw(R"({"name":)");
  out.string(name);
  out.raw('}');
  return text;
}

}  // namespace chroma::codec
