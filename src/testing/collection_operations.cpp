// The operations on collections, including those that a single-node server does not support.
#include "testing/failure.hpp"
#include "testing/fake_chroma.hpp"
#include "testing/names.hpp"
#include "testing/responses.hpp"

#include <utility>

namespace chroma::testing {
namespace {

Json collection_json(const FakeCollection& collection) {
  return {{"id", collection.id},
          {"name", collection.name},
          {"configuration_json", collection.schema.configuration()},
          {"schema", collection.schema.json()},
          {"metadata", collection.metadata.empty() ? Json() : metadata_json(collection.metadata)},
          {"dimension", collection.dimension ? Json(*collection.dimension) : Json()},
          {"tenant", collection.tenant},
          {"database", collection.database},
          {"log_position", 0},
          {"version", 0}};
}

void require_name(const std::string& name, const std::string& path) {
  if (const auto fault = name_fault(name); !fault.empty()) {
    throw Failure(400, "Validation error: " + path + ": " + fault);
  }
}

/// Metadata of a collection, which may not be empty.
Metadata checked_metadata(const UpdateMetadata& change, const std::string& path) {
  if (change.empty()) throw Failure(400, "Validation error: " + path + ": Metadata cannot be empty");
  if (const auto fault = key_fault(change); !fault.empty()) {
    throw Failure(400, "Validation error: " + path + ": " + fault);
  }
  for (const auto& [key, item] : change) {
    const bool is_scalar = item.is_null() || item.is<bool>() || item.is<std::int64_t>() ||
                           item.is<double>() || item.is<std::string>();
    if (!is_scalar) throw Panic("a single-node server stores no arrays in a collection's metadata");
  }
  Metadata metadata;
  merge(metadata, change);
  return metadata;
}

std::optional<UpdateMetadata> read_collection_metadata(const Json& body, const char* name, bool nulls) {
  return read_optional(body, name, [&](const Json& value, const std::string& path) {
    return read_metadata(value, path, nulls);
  });
}

}  // namespace

FakeCollection* FakeChroma::find_by_name(const Scope& scope, const std::string& name) {
  for (auto& [id, collection] : collections_) {
    if (collection.name == name && Scope(collection.tenant, collection.database) == scope) return &collection;
  }
  return nullptr;
}

// As in the server, the tenant and the database of the path are ignored.
FakeCollection& FakeChroma::collection_of(const Call& call) {
  const auto& id = call.arguments[2];
  if (!is_uuid(id)) throw Failure(400, "Collection ID is not a valid UUIDv4");
  const auto found = collections_.find(id);
  if (found == collections_.end()) throw Failure(404, "Collection [" + id + "] does not exist.");
  return found->second;
}

std::vector<FakeCollection*> FakeChroma::collections_of(const Scope& scope) {
  std::vector<FakeCollection*> collections;
  for (auto& [id, collection] : collections_) {
    if (Scope(collection.tenant, collection.database) == scope) collections.push_back(&collection);
  }
  return collections;
}

HttpReply FakeChroma::create_collection(const Call& call) {
  const Scope scope(call.arguments[0], call.arguments[1]);
  const auto body = parse_body(call.request);
  const auto name = read_text(required_member(body, "name"), "name");
  const bool get_or_create = read_optional(body, "get_or_create", read_bool).value_or(false);
  const auto change = read_collection_metadata(body, "metadata", false);
  require_name(name, "name");
  auto metadata = change ? checked_metadata(*change, "metadata") : Metadata();
  auto schema = CollectionSchema::create(body);
  if (const auto* existing = find_by_name(scope, name)) {
    if (get_or_create) return json_reply(collection_json(*existing));
    throw Failure(409, "Collection [" + name + "] already exists");
  }
  if (!databases_.contains(scope)) throw Failure(400, "Database [" + scope.second + "] does not exist");
  const auto id = next_id();
  FakeCollection created{id, name, scope.first, scope.second, std::move(metadata), std::move(schema), {}, {}};
  return json_reply(collection_json(collections_.emplace(id, std::move(created)).first->second));
}

HttpReply FakeChroma::list_collections(const Call& call) {
  const auto limit = query_number(call.query, "limit");
  auto to_skip = query_number(call.query, "offset").value_or(0);
  auto list = Json::array();
  for (const auto* collection : collections_of(Scope(call.arguments[0], call.arguments[1]))) {
    if (limit && list.size() == *limit) break;
    if (to_skip > 0) {
      --to_skip;
    } else {
      list.push_back(collection_json(*collection));
    }
  }
  return json_reply(list);
}

HttpReply FakeChroma::count_collections(const Call& call) {
  return json_reply(collections_of(Scope(call.arguments[0], call.arguments[1])).size());
}

HttpReply FakeChroma::get_collection(const Call& call) {
  const auto& name = call.arguments[2];
  const auto* collection = find_by_name(Scope(call.arguments[0], call.arguments[1]), name);
  if (collection == nullptr) throw Failure(404, "Collection [" + name + "] does not exist");
  return json_reply(collection_json(*collection));
}

HttpReply FakeChroma::get_collection_by_id(const Call& call) {
  const auto& id = call.arguments[2];
  if (!is_uuid(id)) {
    throw Failure(400, "Validation error: collection_id: Invalid collection ID format, expected UUID");
  }
  const auto found = collections_.find(id);
  const Scope scope(call.arguments[0], call.arguments[1]);
  if (found == collections_.end() || Scope(found->second.tenant, found->second.database) != scope) {
    throw Failure(404, "Collection [" + id + "] does not exist");
  }
  return json_reply(collection_json(found->second));
}

HttpReply FakeChroma::modify_collection(const Call& call) {
  const auto body = parse_body(call.request);
  const auto name = read_optional(body, "new_name", read_text);
  const auto change = read_collection_metadata(body, "new_metadata", true);
  auto& collection = collection_of(call);
  if (name) require_name(*name, "new_name");
  const auto metadata = change ? std::optional(checked_metadata(*change, "new_metadata")) : std::nullopt;
  auto schema = collection.schema;
  if (const auto* configuration = find_member(body, "new_configuration")) schema.update(*configuration);
  if (name) {
    const auto* holder = find_by_name(Scope(collection.tenant, collection.database), *name);
    if (holder != nullptr && holder != &collection) {
      throw Failure(500,
                    "Database error: error returned from database: (code: 2067) UNIQUE constraint failed: "
                    "collections.name, collections.database_id");
    }
    collection.name = *name;
  }
  if (metadata) collection.metadata = *metadata;
  collection.schema = std::move(schema);
  return {};
}

HttpReply FakeChroma::delete_collection(const Call& call) {
  const auto& name = call.arguments[2];
  const auto* collection = find_by_name(Scope(call.arguments[0], call.arguments[1]), name);
  if (collection == nullptr) throw Failure(404, "Collection [" + name + "] does not exist");
  collections_.erase(collection->id);
  return {};
}

HttpReply FakeChroma::search(const Call& call) {
  static_cast<void>(read_array(required_member(parse_body(call.request), "searches"), "searches"));
  static_cast<void>(collection_of(call));
  throw Failure(
      501, "Error executing plan: Not implemented: Search operation is not implemented for local executor");
}

HttpReply FakeChroma::fork(const Call& call) {
  static_cast<void>(collection_of(call));
  throw Failure(501, "Collection forking is unsupported for local chroma");
}

HttpReply FakeChroma::fork_count(const Call& call) {
  static_cast<void>(collection_of(call));
  throw Failure(501, "Count forks is unsupported for local chroma");
}

HttpReply FakeChroma::indexing_status(const Call& call) {
  static_cast<void>(collection_of(call));
  throw Failure(500, "Method scout_logs is not implemented");
}

HttpReply FakeChroma::attach_function(const Call& call) {
  static_cast<void>(collection_of(call));
  throw Failure(501,
                "Tonic error: code: 'Operation is not implemented or not supported', message: \" Attached "
                "Function operations not yet implemented in SqliteSysDb\"");
}

HttpReply FakeChroma::get_attached_function(const Call& call) {
  static_cast<void>(collection_of(call));
  throw Failure(404, "Attached function not found");
}

}  // namespace chroma::testing
