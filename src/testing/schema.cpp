#include "testing/schema.hpp"

#include "testing/failure.hpp"

#include <chroma/error.hpp>
#include <chroma/json.hpp>

#include <array>
#include <initializer_list>
#include <utility>
#include <variant>

namespace chroma::testing {
namespace {

/// The default schema of a collection.
const char* const default_schema = R"({
  "defaults": {
    "string": {"fts_index": {"enabled": false, "config": {}},
               "string_inverted_index": {"enabled": true, "config": {}}},
    "float_list": {"vector_index": {"enabled": false, "config": {"space": "l2", "hnsw": {
      "ef_construction": 100, "max_neighbors": 16, "ef_search": 100, "num_threads": 1, "batch_size": 100,
      "sync_threshold": 1000, "resize_factor": 1.2}}}},
    "sparse_vector": {"sparse_vector_index": {
      "enabled": false, "config": {"embedding_function": {"type": "unknown"}, "bm25": false}}},
    "int": {"int_inverted_index": {"enabled": true, "config": {}}},
    "float": {"float_inverted_index": {"enabled": true, "config": {}}},
    "bool": {"bool_inverted_index": {"enabled": true, "config": {}}}
  },
  "keys": {
    "#document": {"string": {"fts_index": {"enabled": true, "config": {}},
                             "string_inverted_index": {"enabled": false, "config": {}}}},
    "#embedding": {"float_list": {"vector_index": {"enabled": true, "config": {
      "space": "l2", "source_key": "#document", "hnsw": {
        "ef_construction": 100, "max_neighbors": 16, "ef_search": 100, "num_threads": 1, "batch_size": 100,
        "sync_threshold": 1000, "resize_factor": 1.2}}}}}
  }
})";

constexpr std::array hnsw_members = {"ef_construction", "ef_search",  "max_neighbors", "num_threads",
                                     "resize_factor",   "batch_size", "sync_threshold"};

Json& vector_config(Json& types) {
  return types["float_list"]["vector_index"]["config"];
}

/// Sets the members of `change` in `target`, objects member by member.
void merge_objects(Json& target, const Json& change) {
  for (const auto& [name, value] : change.items()) {
    if (value.is_object() && target.contains(name) && target[name].is_object() &&
        name != "embedding_function") {
      merge_objects(target[name], value);
    } else if (!value.is_null()) {
      target[name] = value;
    }
  }
}

/// A single-node server always makes an HNSW index, even if the request has SPANN.
void drop_spann(Json& types) {
  if (types.contains("float_list")) vector_config(types).erase("spann");
}

bool is_enabled(const Json& types, const char* index) {
  return types.value(Json::json_pointer(std::string(index) + "/enabled"), false);
}

/// The error message of the server for an invalid schema; empty if it is valid.
std::string schema_fault(const Json& requested, const Schema& schema) {
  const auto& defaults = requested["defaults"];
  if (is_enabled(defaults, "/float_list/vector_index")) {
    return "Vector index cannot be enabled by default. It can only be enabled on #embedding field.";
  }
  if (is_enabled(defaults, "/sparse_vector/sparse_vector_index")) {
    return "Sparse vector index cannot be enabled by default. Please enable sparse vector index on specific "
           "keys. At most one sparse vector index is allowed for the collection.";
  }
  if (is_enabled(defaults, "/string/fts_index")) {
    return "Full text search / regular expression index cannot be enabled by default. It can only be enabled "
           "on "
           "#document field.";
  }
  const auto keys = requested.value("keys", Json::object());
  for (const auto& [key, types] : keys.items()) {
    if (!key.empty() && key.front() == '#' && key != "#document" && key != "#embedding") {
      return "key cannot begin with '#'. Keys starting with '#' are reserved for system use: " + key;
    }
    if (key != "#embedding" && is_enabled(types, "/float_list/vector_index")) {
      return "Vector index can only be enabled on #embedding field: " + key;
    }
    if (key != "#document" && is_enabled(types, "/string/fts_index")) {
      return "Full text search / regular expression index can only be enabled on #document field: " + key;
    }
  }
  if (schema.cmek && !schema.cmek->validate_pattern()) {
    return "CMEK does not match expected pattern: Gcp(" + Json(schema.cmek->resource()).dump() + ")";
  }
  return {};
}

Json from_schema(const Json& requested) {
  try {
    const auto read = requested.get<Schema>();
    read.validate();
    if (const auto fault = schema_fault(requested, read); !fault.empty()) {
      throw Failure(400, "Validation error: schema: " + fault);
    }
  } catch (const ChromaHttpClientError& fault) {
    if (const auto* invalid = fault.get_if<ValidationError>()) {
      throw Failure(400, "Validation error: schema: " + invalid->message);
    }
    refuse_form("schema", fault.what());
  }
  auto schema = Json::parse(default_schema);
  merge_objects(schema, requested);
  drop_spann(schema["defaults"]);
  for (auto& types : schema["keys"]) {
    drop_spann(types);
    if (types.value(Json::json_pointer("/sparse_vector/sparse_vector_index/enabled"), false)) {
      throw Failure(400,
                    "Failed to reconcile schema: Invalid schema input: Sparse vector indexing is not enabled "
                    "in local");
    }
  }
  return schema;
}

/// Sets the space, the HNSW members and the embedding function of the collection's index and of the defaults.
void set_index(Json& schema, const Json& index, const Json* embedding_function) {
  for (auto* config : {&vector_config(schema["defaults"]), &vector_config(schema["keys"]["#embedding"])}) {
    if (index.contains("space")) (*config)["space"] = index["space"];
    for (const char* name : hnsw_members) {
      if (index.contains(name)) (*config)["hnsw"][name] = index[name];
    }
    if (embedding_function != nullptr) (*config)["embedding_function"] = *embedding_function;
  }
}

/// The index of a configuration: `hnsw`, or only the space of `spann`.
Json requested_index(const Json& configuration, const std::string& path) {
  const auto* hnsw = find_member(configuration, "hnsw");
  const auto* spann = find_member(configuration, "spann");
  if (hnsw != nullptr && spann != nullptr)
    throw Failure(400, "Multiple vector index configurations provided");
  auto index = Json::object();
  if (spann != nullptr && spann->contains("space")) index["space"] = (*spann)["space"];
  if (hnsw != nullptr) index = read_object(*hnsw, path + ".hnsw");
  for (const auto& [name, value] : index.items()) {
    const auto place = path + ".hnsw." + name;
    if (name == "space") {
      const auto space = read_text(value, place);
      if (space != "l2" && space != "cosine" && space != "ip") {
        refuse_form(place, "unknown variant `" + space + "`, expected one of `l2`, `cosine`, `ip`");
      }
    } else if (std::find(hnsw_members.begin(), hnsw_members.end(), name) == hnsw_members.end()) {
      refuse_form(place, "unknown field `" + name + "`");
    }
  }
  return index;
}

/// The settings of the index in the metadata of older clients, under keys such as `hnsw:space`.
Json legacy_index(const Json& metadata) {
  const std::map<std::string, const char*> names = {{"space", "space"},
                                                    {"construction_ef", "ef_construction"},
                                                    {"search_ef", "ef_search"},
                                                    {"M", "max_neighbors"},
                                                    {"num_threads", "num_threads"},
                                                    {"resize_factor", "resize_factor"},
                                                    {"batch_size", "batch_size"},
                                                    {"sync_threshold", "sync_threshold"}};
  auto index = Json::object();
  for (const auto& [key, value] : metadata.items()) {
    if (key.rfind("hnsw:", 0) != 0) continue;
    const auto name = names.find(key.substr(5));
    const bool is_space = value == "l2" || value == "cosine" || value == "ip";
    if (name == names.end() || !(name->first == "space" ? is_space : value.is_number())) {
      throw Failure(400, "Failed to parse hnsw parameters from segment metadata");
    }
    index[name->second] = name->first == "resize_factor" ? Json(value.get<double>()) : value;
  }
  return index;
}

/// The names of the type of a value: in the schema, of its index, and in errors.
struct ValueKind {
  const char* type;
  const char* index;
  const char* name;
};

constexpr ValueKind string_kind{"string", "string_inverted_index", "Str"};
constexpr ValueKind int_kind{"int", "int_inverted_index", "Int"};
constexpr ValueKind float_kind{"float", "float_inverted_index", "Float"};
constexpr ValueKind bool_kind{"bool", "bool_inverted_index", "Bool"};

struct KindOf {
  const ValueKind& operator()(const std::string&) const { return string_kind; }
  const ValueKind& operator()(std::int64_t) const { return int_kind; }
  const ValueKind& operator()(double) const { return float_kind; }
  const ValueKind& operator()(bool) const { return bool_kind; }
  const ValueKind& operator()(const SparseVector&) const { return float_kind; }
  template <class T>
  const ValueKind& operator()(const std::vector<T>&) const {
    return (*this)(T());
  }
};

const ValueKind& kind_of(const MetadataExpression::Comparison& comparison) {
  if (const auto* set = std::get_if<SetComparison>(&comparison))
    return std::visit(KindOf(), set->values.variant());
  if (const auto* primitive = std::get_if<PrimitiveComparison>(&comparison)) {
    return std::visit(KindOf(), primitive->value.variant());
  }
  return std::visit(KindOf(), std::get<ArrayComparison>(comparison).value.variant());
}

/// True if the server takes the schema for its default one. A function named "default" counts as none.
bool is_default(Json schema, const Json& by_default) {
  for (auto* config : {&vector_config(schema["defaults"]), &vector_config(schema["keys"]["#embedding"])}) {
    const auto* function = find_member(*config, "embedding_function");
    if (function == nullptr || !function->is_object()) continue;
    const auto type = function->value("type", "");
    if (type == "unknown" || (type == "known" && function->value("name", "") == "default")) {
      config->erase("embedding_function");
    }
  }
  return schema == by_default;
}

}  // namespace

CollectionSchema CollectionSchema::create(const Json& request) {
  const auto* requested = find_member(request, "schema");
  const auto* configuration = find_member(request, "configuration");
  const auto* metadata = find_member(request, "metadata");
  const auto by_default = Json::parse(default_schema);
  const auto by_schema = requested == nullptr ? by_default : from_schema(*requested);
  auto by_configuration = by_default;
  if (configuration != nullptr) {
    set_index(by_configuration,
              requested_index(read_object(*configuration, "configuration"), "configuration"),
              find_member(*configuration, "embedding_function"));
  }
  const auto legacy = metadata == nullptr ? Json::object() : legacy_index(*metadata);

  if (!is_default(by_schema, by_default) && !is_default(by_configuration, by_default)) {
    throw Failure(400,
                  "Failed to reconcile schema: Cannot set both collection config and schema simultaneously");
  }
  if (!is_default(by_schema, by_default)) return CollectionSchema(by_schema);
  if (is_default(by_configuration, by_default)) set_index(by_configuration, legacy, nullptr);
  return CollectionSchema(by_configuration);
}

void CollectionSchema::update(const Json& new_configuration) {
  set_index(schema_,
            requested_index(read_object(new_configuration, "new_configuration"), "new_configuration"),
            find_member(new_configuration, "embedding_function"));
}

void CollectionSchema::discover(const UpdateMetadata& metadata) {
  for (const auto& [key, value] : metadata) {
    if (value.is_null() || key.rfind("chroma:", 0) == 0) continue;
    const auto* type = std::visit(KindOf(), value.value()->variant()).type;
    auto& types = schema_["keys"][key];
    if (!types.contains(type)) types[type] = schema_["defaults"][type];
  }
}

bool CollectionSchema::is_indexed(const std::string& key, const char* type, const char* index) const {
  const auto& keys = schema_["keys"];
  const auto path = Json::json_pointer() / type / index / "enabled";
  if (keys.contains(key) && keys[key].contains(path)) return keys[key][path].get<bool>();
  return schema_["defaults"].value(path, true);
}

void CollectionSchema::require_indexed(const MetadataExpression& expression) const {
  const auto& kind = kind_of(expression.comparison);
  if (is_indexed(expression.key, kind.type, kind.index)) return;
  throw Failure(400, "Cannot filter using metadata key '" + expression.key + "' with type '" + kind.name +
                         "' because indexing is disabled");
}

void CollectionSchema::require_indexed(const Where& where) const {
  if (const auto* composite = std::get_if<CompositeExpression>(&where.node())) {
    for (const auto& child : composite->children) require_indexed(child);
  } else if (const auto* expression = std::get_if<MetadataExpression>(&where.node())) {
    require_indexed(*expression);
  } else if (!is_indexed("#document", "string", "fts_index")) {
    throw Failure(400, "Cannot filter using full-text search because FTS indexing is disabled");
  }
}

std::string CollectionSchema::space() const {
  return schema_.at(Json::json_pointer("/keys/#embedding/float_list/vector_index/config/space"));
}

Json CollectionSchema::configuration() const {
  const auto& config = schema_.at(Json::json_pointer("/keys/#embedding/float_list/vector_index/config"));
  auto hnsw = Json::object({{"space", config["space"]}});
  for (const char* name :
       {"ef_construction", "ef_search", "max_neighbors", "resize_factor", "sync_threshold"}) {
    hnsw[name] = config["hnsw"][name];
  }
  const auto* function = find_member(config, "embedding_function");
  return {
      {"hnsw", hnsw}, {"spann", nullptr}, {"embedding_function", function == nullptr ? Json() : *function}};
}

}  // namespace chroma::testing
