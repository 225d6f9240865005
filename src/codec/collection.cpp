#include "codec/collection.hpp"

#include "codec/configuration.hpp"
#include "codec/instantiate.hpp"
#include "codec/schema.hpp"
#include "core/ascii.hpp"
#include "types/metadata_json.hpp"

#include <chroma/error.hpp>

#include <functional>
#include <string_view>

namespace chroma {
namespace {

// True for 8, 4, 4, 4 and 12 hexadecimal digits, separated by hyphens.
bool is_uuid(std::string_view text) noexcept {
  constexpr std::string_view pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (pattern[i] == '-' ? text[i] != '-' : core::hex_digit(text[i]) < 0) return false;
  }
  return true;
}

/// A text that must be a UUID.
struct Uuid {};
void read(json::Reader& in, const json::As<Uuid, std::string>& member) {
  in.skip_space();
  const char* begin = in.cursor();
  in.string(member.value);
  if (!is_uuid(member.value)) in.fail_at(begin, "UUID parsing failed: '" + member.value + "' is not a UUID");
}
void write(json::Writer& out, const json::As<Uuid, const std::string>& member) {
  out.string(member.value);
}

}  // namespace

template <>
struct detail::Description<Collection> {
  static void fields(auto& collection, auto visit) {
    visit(json::required("id"), json::as<Uuid>(collection.id));
    visit(json::required("name"), collection.name);
    visit(json::required("configuration_json"), collection.configuration);
    visit("schema", collection.schema);
    visit("metadata", collection.metadata);
    visit("dimension", collection.dimension);
    visit(json::required("tenant"), collection.tenant);
    visit(json::required("database"), collection.database);
    visit(json::required("log_position"), collection.log_position);
    visit(json::required("version"), collection.version);
  }
};

template <>
struct detail::Description<codec::CreateCollectionBody> {
  static void fields(auto& body, auto visit) {
    visit("get_or_create", body.get_or_create);
    visit("metadata", body.metadata);
    visit("name", body.name);
    visit("schema", body.schema);
  }
};

template <>
struct detail::Description<codec::ModifyCollectionBody> {
  static void fields(auto& body, auto visit) {
    visit("new_metadata", body.new_metadata);
    visit("new_name", body.new_name);
  }
};

template <>
struct detail::Description<codec::ForkBody> {
  static void fields(auto& body, auto visit) { visit("new_name", body.new_name); }
};

namespace codec {

static void read(json::Reader& in, CollectionList& list) {
  constexpr std::size_t most_described = 100;
  list = CollectionList();
  in.begin_array();
  for (std::size_t i = 0; in.next_element(); ++i) {
    const std::string_view item = in.skip();
    try {
      list.collections.push_back(json::decode<Collection>(item));
    } catch (const ChromaHttpClientError& error) {
      list.unreadable_digests.push_back(std::hash<std::string_view>()(item));
      if (list.unreadable.size() < most_described) {
        list.unreadable.push_back("item " + std::to_string(i) + ": " + error.what());
      }
    }
  }
  const std::size_t more = list.unreadable_digests.size() - list.unreadable.size();
  if (more > 0) list.unreadable.push_back("and " + std::to_string(more) + " more");
}

}  // namespace codec

CHROMA_CODEC(Collection);
CHROMA_DECODE(codec::CollectionList);
CHROMA_ENCODE(codec::CreateCollectionBody);
CHROMA_ENCODE(codec::ModifyCollectionBody);
CHROMA_ENCODE(codec::ForkBody);

}  // namespace chroma
