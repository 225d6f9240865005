#include "codec/collection.hpp"
#include "codec/configuration.hpp"
#include "codec/schema.hpp"
#include "json/read_object.hpp"
#include "types/metadata_json.hpp"

#include <chroma/error.hpp>

namespace chroma {
namespace {

// Eight, four, four, four and twelve hexadecimal digits with hyphens between.
bool is_uuid(std::string_view text) noexcept {
  constexpr std::string_view pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (pattern[i] == '-' ? c != '-' : !is_hex) return false;
  }
  return true;
}

void read_id(json::Reader& in, std::string& id) {
  in.skip_space();
  const char* begin = in.cursor();
  in.string(id);
  if (!is_uuid(id)) in.fail_at(begin, "UUID parsing failed: '" + id + "' is no UUID");
}

}  // namespace

void read(json::Reader& in, Collection& collection) {
  bool has_id = false;
  bool has_name = false;
  bool has_configuration = false;
  bool has_tenant = false;
  bool has_database = false;
  bool has_log_position = false;
  bool has_version = false;
  collection = Collection();
  read_object(in, [&](std::string_view key) {
    if (key == "id") {
      read_id(in, collection.id);
      has_id = true;
    } else if (key == "name") {
      read(in, collection.name);
      has_name = true;
    } else if (key == "configuration_json") {
      read(in, collection.configuration);
      has_configuration = true;
    } else if (key == "schema") {
      read(in, collection.schema);
    } else if (key == "metadata") {
      read(in, collection.metadata);
    } else if (key == "dimension") {
      read(in, collection.dimension);
    } else if (key == "tenant") {
      read(in, collection.tenant);
      has_tenant = true;
    } else if (key == "database") {
      read(in, collection.database);
      has_database = true;
    } else if (key == "log_position") {
      read(in, collection.log_position);
      has_log_position = true;
    } else if (key == "version") {
      read(in, collection.version);
      has_version = true;
    } else {
      return false;
    }
    return true;
  });
  require_member(in, has_id, "id");
  require_member(in, has_name, "name");
  require_member(in, has_configuration, "configuration_json");
  require_member(in, has_tenant, "tenant");
  require_member(in, has_database, "database");
  require_member(in, has_log_position, "log_position");
  require_member(in, has_version, "version");
}

void codec::read(json::Reader& in, CollectionList& list) {
  constexpr std::size_t most_described = 100;
  list = CollectionList();
  std::size_t more = 0;
  in.begin_array();
  for (std::size_t i = 0; in.next_element(); ++i) {
    const std::string_view item = in.skip();
    try {
      list.collections.push_back(json::decode<Collection>(item));
    } catch (const ChromaHttpClientError& error) {
      if (list.unreadable.size() < most_described) {
        list.unreadable.push_back("item " + std::to_string(i) + ": " + error.what());
      } else {
        ++more;
      }
    }
  }
  if (more > 0) list.unreadable.push_back("and " + std::to_string(more) + " more");
}

}  // namespace chroma
