#include "codec/system.hpp"

#include "codec/instantiate.hpp"

#include <chroma/responses.hpp>

namespace chroma {

template <>
struct detail::Description<HeartbeatResponse> {
  static void fields(auto& response, auto visit) {
    visit(json::required("nanosecond heartbeat"), response.nanosecond_heartbeat);
  }
};

template <>
struct detail::Description<GetUserIdentityResponse> {
  static void fields(auto& response, auto visit) {
    visit(json::required("user_id"), response.user_id);
    visit(json::required("tenant"), response.tenant);
    visit(json::required("databases"), response.databases);
  }
};

template <>
struct detail::Description<PreFlightChecks> {
  static void fields(auto& response, auto visit) {
    visit(json::required("max_batch_size"), response.max_batch_size);
    visit("supports_base64_encoding", json::nullable(response.supports_base64_encoding));
  }
};

template <>
struct detail::Description<HealthcheckResponse> {
  static void fields(auto& response, auto visit) {
    visit(json::required("is_executor_ready"), response.is_executor_ready);
    visit(json::required("is_log_client_ready"), response.is_log_client_ready);
  }
};

template <>
struct detail::Description<IndexStatusResponse> {
  static void fields(auto& response, auto visit) {
    visit(json::required("op_indexing_progress"), response.op_indexing_progress);
    visit(json::required("num_unindexed_ops"), response.num_unindexed_ops);
    visit(json::required("num_indexed_ops"), response.num_indexed_ops);
    visit(json::required("total_ops"), response.total_ops);
  }
};

template <>
struct detail::Description<Tenant> {
  static void fields(auto& tenant, auto visit) {
    visit(json::required("name"), tenant.name);
    visit("resource_name", tenant.resource_name);
  }
};

template <>
struct detail::Description<Database> {
  static void fields(auto& database, auto visit) {
    visit(json::required("id"), database.id);
    visit(json::required("name"), database.name);
  }
};

template <>
struct detail::Description<codec::NameBody> {
  static void fields(auto& body, auto visit) { visit(json::required("name"), body.name); }
};

template <>
struct detail::Description<codec::ForkCount> {
  static void fields(auto& response, auto visit) { visit(json::required("count"), response.count); }
};

CHROMA_CODEC(HeartbeatResponse);
CHROMA_CODEC(GetUserIdentityResponse);
CHROMA_CODEC(PreFlightChecks);
CHROMA_CODEC(HealthcheckResponse);
CHROMA_CODEC(IndexStatusResponse);
CHROMA_CODEC(Tenant);
CHROMA_CODEC(Database);
CHROMA_ENCODE(codec::NameBody);
CHROMA_DECODE(codec::ForkCount);
CHROMA_DECODE(std::vector<Database>);

// Responses that consist of one value.
CHROMA_DECODE(bool);
CHROMA_DECODE(std::string);
CHROMA_DECODE(std::uint32_t);
CHROMA_DECODE(codec::AnyJson);

}  // namespace chroma
