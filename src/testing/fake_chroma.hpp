#pragma once

#include "testing/http_server.hpp"
#include "testing/metadata_json.hpp"
#include "testing/records.hpp"
#include "testing/schema.hpp"

#include <chroma/metadata.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace chroma::testing {

struct FakeCollection {
  std::string id;
  std::string name;
  std::string tenant;
  std::string database;
  Metadata metadata;
  CollectionSchema schema;
  std::optional<std::size_t> dimension;  ///< Set by the first embedding that is written.
  Records records;
};

/// A request, with the parts of its path and query that its operation needs.
struct Call {
  std::vector<std::string> arguments;        ///< The variable segments of the path, decoded.
  std::map<std::string, std::string> query;  ///< Decoded.
  const HttpRequest& request;
};

/// Tenants, databases and collections of a single-node server, with its operations. An operation
/// throws Failure to refuse a request, or Panic where the real server closes the connection.
class FakeChroma {
 public:
  /// A server with the default tenant and database.
  FakeChroma();

  // Operations of the server.
  HttpReply heartbeat(const Call& call);
  HttpReply version(const Call& call);
  HttpReply pre_flight_checks(const Call& call);
  HttpReply healthcheck(const Call& call);
  HttpReply get_auth_identity(const Call& call);
  HttpReply reset(const Call& call);

  // Operations of tenants and databases.
  HttpReply create_tenant(const Call& call);
  HttpReply get_tenant(const Call& call);
  HttpReply update_tenant(const Call& call);
  HttpReply create_database(const Call& call);
  HttpReply list_databases(const Call& call);
  HttpReply get_database(const Call& call);
  HttpReply delete_database(const Call& call);

  // Operations of collections.
  HttpReply create_collection(const Call& call);
  HttpReply list_collections(const Call& call);
  HttpReply count_collections(const Call& call);
  HttpReply get_collection(const Call& call);
  HttpReply get_collection_by_id(const Call& call);
  HttpReply modify_collection(const Call& call);
  HttpReply delete_collection(const Call& call);

  // Operations of records.
  HttpReply add(const Call& call);
  HttpReply update(const Call& call);
  HttpReply upsert(const Call& call);
  HttpReply delete_records(const Call& call);
  HttpReply get(const Call& call);
  HttpReply query(const Call& call);
  HttpReply count(const Call& call);

  // Operations that a single-node server does not have.
  HttpReply search(const Call& call);
  HttpReply fork(const Call& call);
  HttpReply fork_count(const Call& call);
  HttpReply indexing_status(const Call& call);
  HttpReply attach_function(const Call& call);
  HttpReply get_attached_function(const Call& call);

 private:
  using Scope = std::pair<std::string, std::string>;  // Tenant and database.

  [[nodiscard]] std::string next_id();
  /// The collection of a path with tenant, database and name; nullptr if there is none.
  [[nodiscard]] FakeCollection* find_by_name(const Scope& scope, const std::string& name);
  /// The collection of a path with tenant, database and id. @throws Failure with status 400 or 404
  [[nodiscard]] FakeCollection& collection_of(const Call& call);
  [[nodiscard]] std::vector<FakeCollection*> collections_of(const Scope& scope);
  HttpReply write(Records::Write kind, const Call& call);

  std::size_t ids_ = 0;
  std::set<std::string> tenants_;
  std::map<Scope, std::string> databases_;             // The values are ids.
  std::map<std::string, FakeCollection> collections_;  // Sorted by id, as they are listed.
};

}  // namespace chroma::testing
