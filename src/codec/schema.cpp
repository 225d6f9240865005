#include "codec/schema.hpp"

#include "codec/fields.hpp"
#include "codec/index_config.hpp"
#include "codec/read_object.hpp"
#include "codec/schema_fields.hpp"

#include <concepts>

namespace chroma::codec {

template <class Config>
void write(JsonWriter& out, const Index<Config>& index) {
  write_fields(out, index, Unset::Dropped);
}

template <class Config>
void read(JsonReader& in, Index<Config>& index) {
  index = Index<Config>();
  bool has_enabled = false;
  bool has_config = false;
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    if (key == "enabled") {
      index.enabled = in.boolean();
      has_enabled = true;
    } else if (key == "config") {
      read(in, index.config);
      has_config = true;
    } else {
      keep(in, key, index.unknown);
    }
  }
  require_member(in, has_enabled, "enabled");
  require_member(in, has_config, "config");
}

template <ValueType T>
void read(JsonReader& in, T& type) {
  read_fields(in, type, '$');
}
template <ValueType T>
void write(JsonWriter& out, const T& type) {
  write_fields(out, type, Unset::Dropped);
}

void read(JsonReader& in, ValueTypes& types) {
  read_fields(in, types, '#');
}
void write(JsonWriter& out, const ValueTypes& types) {
  write_fields(out, types, Unset::Dropped);
}

void read(JsonReader& in, Cmek& cmek) {
  UnknownKeys keys;
  read(in, keys);
  require_member(in, !keys.empty(), "gcp");
  const auto gcp = keys.extract("gcp");
  cmek = gcp ? Cmek::gcp(decode<std::string>(gcp.mapped())) : Cmek::other({});
  cmek.set_unknown_keys(std::move(keys));
}

void write(JsonWriter& out, const Cmek& cmek) {
  MemberWriter members(out);
  if (cmek.provider() == Cmek::Provider::Gcp) {
    members.name("gcp");
    out.string(cmek.resource());
  }
  members.unknown(cmek.unknown_keys());
  members.end();
}

namespace {

void read_keys(JsonReader& in, std::map<std::string, ValueTypes>& keys) {
  keys.clear();
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    auto& types = keys[std::string(key)];
    read(in, types);
  }
}

}  // namespace

void read(JsonReader& in, Schema& schema) {
  schema = Schema::empty();
  bool has_defaults = false;
  bool has_keys = false;
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    if (key == "defaults") {
      read(in, schema.defaults);
      has_defaults = true;
    } else if (key == "keys" || key == "key_overrides") {
      read_keys(in, schema.keys);
      has_keys = true;
    } else if (key == "cmek") {
      read_field(in, schema.cmek);
    } else if (key == "source_attached_function_id") {
      read_field(in, schema.source_attached_function_id);
    } else {
      keep(in, key, schema.unknown);
    }
  }
  require_member(in, has_defaults, "defaults");
  require_member(in, has_keys, "keys");
}

void write(JsonWriter& out, const std::map<std::string, ValueTypes>& keys) {
  MemberWriter members(out);
  for (const auto& [key, types] : keys) {
    members.name(key);
    write(out, types);
  }
  members.end();
}

void write(JsonWriter& out, const Schema& schema) {
  write_fields(out, schema, Unset::Dropped);
}

template void read(JsonReader&, Index<FtsIndexConfig>&);
template void write(JsonWriter&, const Index<FtsIndexConfig>&);
template void read(JsonReader&, Index<StringInvertedIndexConfig>&);
template void write(JsonWriter&, const Index<StringInvertedIndexConfig>&);
template void read(JsonReader&, Index<VectorIndexConfig>&);
template void write(JsonWriter&, const Index<VectorIndexConfig>&);
template void read(JsonReader&, Index<SparseVectorIndexConfig>&);
template void write(JsonWriter&, const Index<SparseVectorIndexConfig>&);
template void read(JsonReader&, Index<IntInvertedIndexConfig>&);
template void write(JsonWriter&, const Index<IntInvertedIndexConfig>&);
template void read(JsonReader&, Index<FloatInvertedIndexConfig>&);
template void write(JsonWriter&, const Index<FloatInvertedIndexConfig>&);
template void read(JsonReader&, Index<BoolInvertedIndexConfig>&);
template void write(JsonWriter&, const Index<BoolInvertedIndexConfig>&);
template void read(JsonReader&, StringValueType&);
template void write(JsonWriter&, const StringValueType&);
template void read(JsonReader&, FloatListValueType&);
template void write(JsonWriter&, const FloatListValueType&);
template void read(JsonReader&, SparseVectorValueType&);
template void write(JsonWriter&, const SparseVectorValueType&);
template void read(JsonReader&, IntValueType&);
template void write(JsonWriter&, const IntValueType&);
template void read(JsonReader&, FloatValueType&);
template void write(JsonWriter&, const FloatValueType&);
template void read(JsonReader&, BoolValueType&);
template void write(JsonWriter&, const BoolValueType&);

}  // namespace chroma::codec
