#include "codec/collection.hpp"
#include "codec/configuration.hpp"
#include "codec/metadata.hpp"
#include "codec/schema.hpp"

namespace chroma::codec {

void write(JsonWriter& out, const Collection& collection) {
  out.raw(R"({"id":)");
  write(out, collection.id);
  out.raw(R"(,"name":)");
  write(out, collection.name);
  out.raw(R"(,"configuration_json":)");
  write(out, collection.configuration);
  out.raw(R"(,"schema":)");
  write(out, collection.schema);
  out.raw(R"(,"metadata":)");
  write(out, collection.metadata);
  out.raw(R"(,"dimension":)");
  write(out, collection.dimension);
  out.raw(R"(,"tenant":)");
  write(out, collection.tenant);
  out.raw(R"(,"database":)");
  write(out, collection.database);
  out.raw(R"(,"log_position":)");
  write(out, collection.log_position);
  out.raw(R"(,"version":)");
  write(out, collection.version);
  out.raw('}');
}

core::Buffer encode_create_collection(std::string_view name, const std::optional<Schema>& schema,
                                      const std::optional<Metadata>& metadata, bool get_or_create) {
  core::Buffer text;
  JsonWriter out(text);
  out.raw(R"({"get_or_create":)");
  out.boolean(get_or_create);
  out.raw(R"(,"metadata":)");
  write(out, metadata);
  out.raw(R"(,"name":)");
  out.string(name);
  out.raw(R"(,"schema":)");
  write(out, schema);
  out.raw('}');
  return text;
}

core::Buffer encode_modify_collection(const std::optional<std::string>& new_name,
                                      const std::optional<Metadata>& new_metadata) {
  core::Buffer text;
  JsonWriter out(text);
  out.raw(R"({"new_metadata":)");
  write(out, new_metadata);
  out.raw(R"(,"new_name":)");
  write(out, new_name);
  out.raw('}');
  return text;
}

core::Buffer encode_fork(std::string_view new_name) {
  core::Buffer text;
  JsonWriter out(text);
  out.raw(R"({"new_name":)");
  out.string(new_name);
  out.raw('}');
  return text;
}

}  // namespace chroma::codec
