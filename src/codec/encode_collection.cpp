#include "codec/collection.hpp"
#include "codec/configuration.hpp"
#include "codec/schema.hpp"
#include "json/fields.hpp"
#include "types/metadata_json.hpp"

namespace chroma {

void write(json::Writer& out, const Collection& collection) {
  write_object(out, "id", collection.id, "name", collection.name, "configuration_json",
               collection.configuration, "schema", collection.schema, "metadata", collection.metadata,
               "dimension", collection.dimension, "tenant", collection.tenant, "database",
               collection.database, "log_position", collection.log_position, "version", collection.version);
}

core::Buffer codec::encode_create_collection(std::string_view name, const std::optional<Schema>& schema,
                                             const std::optional<Metadata>& metadata, bool get_or_create) {
  core::Buffer text;
  json::Writer out(text);
  write_object(out, "get_or_create", get_or_create, "metadata", metadata, "name", name, "schema", schema);
  return text;
}

core::Buffer codec::encode_modify_collection(const std::optional<std::string>& new_name,
                                             const std::optional<Metadata>& new_metadata) {
  core::Buffer text;
  json::Writer out(text);
  write_object(out, "new_metadata", new_metadata, "new_name", new_name);
  return text;
}

core::Buffer codec::encode_fork(std::string_view new_name) {
  core::Buffer text;
  json::Writer out(text);
  write_object(out, "new_name", new_name);
  return text;
}

}  // namespace chroma
