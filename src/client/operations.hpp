#pragma once

#include <string_view>

namespace chroma::detail {

/// An operation of the API: its name in errors, logs and observer events (as in the Rust crate), its HTTP
/// method, and whether it is idempotent, so that it may be sent again after a status of 5xx or a transport
/// failure.
struct Operation {
  std::string_view name;
  std::string_view method;
  bool idempotent = false;
  int expected_error_status = 0;  ///< A status of 400 or more whose body is a regular response; 0 for none.
};

namespace op {

inline constexpr Operation heartbeat{"heartbeat", "GET", true};
inline constexpr Operation get_auth_identity{"get_auth_identity", "GET", true};
inline constexpr Operation version{"version", "GET", true};
inline constexpr Operation pre_flight_checks{"pre_flight_checks", "GET", true};
inline constexpr Operation healthcheck{"healthcheck", "GET", true, 503};
inline constexpr Operation reset{"reset", "POST"};
inline constexpr Operation create_tenant{"create_tenant", "POST"};
inline constexpr Operation get_tenant{"get_tenant", "GET", true};
inline constexpr Operation create_database{"create_database", "POST"};
inline constexpr Operation list_databases{"list_databases", "GET", true};
inline constexpr Operation get_database{"get_database", "GET", true};
inline constexpr Operation delete_database{"delete_database", "DELETE"};
inline constexpr Operation create_collection{"create_collection", "POST"};
inline constexpr Operation get_or_create_collection{"get_or_create_collection", "POST"};
inline constexpr Operation get_collection{"get_collection", "GET", true};
inline constexpr Operation get_collection_by_id{"get_collection_by_id", "GET", true};
inline constexpr Operation delete_collection{"delete_collection", "DELETE"};
inline constexpr Operation count_collections{"count_collections", "GET", true};
inline constexpr Operation list_collections{"list_collections", "GET", true};

inline constexpr Operation collection_count{"collection_count", "GET", true};
inline constexpr Operation collection_indexing_status{"collection_indexing_status", "GET", true};
inline constexpr Operation collection_modify{"collection_modify", "PUT"};
inline constexpr Operation collection_get{"collection_get", "POST", true};
inline constexpr Operation collection_query{"collection_query", "POST", true};
inline constexpr Operation collection_search{"collection_search", "POST", true};
inline constexpr Operation collection_add{"collection_add", "POST"};
inline constexpr Operation collection_update{"collection_update", "POST"};
inline constexpr Operation collection_upsert{"collection_upsert", "POST"};
// These send requests to the service of an embedding function only, if any.
inline constexpr Operation collection_embed_documents{"collection_embed_documents", ""};
inline constexpr Operation collection_embed_query{"collection_embed_query", ""};
inline constexpr Operation collection_embedded{"collection_embedded", ""};
inline constexpr Operation collection_delete{"collection_delete", "POST"};
inline constexpr Operation collection_fork{"collection_fork", "POST"};
inline constexpr Operation collection_fork_count{"collection_fork_count", "GET", true};

}  // namespace op
}  // namespace chroma::detail
