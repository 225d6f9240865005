#include "codec/schema.hpp"

#include "codec/index_config.hpp"
#include "json/fields.hpp"
#include "json/read_object.hpp"
#include "types/schema_fields.hpp"

#include <concepts>

namespace chroma {

template <class Config>
void write(json::Writer& out, const Index<Config>& index) {
  write_fields(out, index, json::Unset::Dropped);
}

template <class Config>
void read(json::Reader& in, Index<Config>& index) {
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
void read(json::Reader& in, T& type) {
  read_fields(in, type, '$');
}
template <ValueType T>
void write(json::Writer& out, const T& type) {
  write_fields(out, type, json::Unset::Dropped);
}

void read(json::Reader& in, ValueTypes& types) {
  read_fields(in, types, '#');
}
void write(json::Writer& out, const ValueTypes& types) {
  write_fields(out, types, json::Unset::Dropped);
}

void read(json::Reader& in, Cmek& cmek) {
  UnknownKeys keys;
  read(in, keys);
  require_member(in, !keys.empty(), "gcp");
  const auto gcp = keys.extract("gcp");
  cmek = gcp ? Cmek::gcp(json::decode<std::string>(gcp.mapped())) : Cmek::other({});
  cmek.set_unknown_keys(std::move(keys));
}

void write(json::Writer& out, const Cmek& cmek) {
  json::MemberWriter members(out);
  if (cmek.provider() == Cmek::Provider::Gcp) {
    members.name("gcp");
    out.string(cmek.resource());
  }
  members.unknown(cmek.unknown_keys());
  members.end();
}

namespace {

void read_keys(json::Reader& in, std::map<std::string, ValueTypes>& keys) {
  keys.clear();
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    auto& types = keys[std::string(key)];
    read(in, types);
  }
}

}  // namespace

void read(json::Reader& in, Schema& schema) {
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

void write(json::Writer& out, const std::map<std::string, ValueTypes>& keys) {
  json::MemberWriter members(out);
  for (const auto& [key, types] : keys) {
    members.name(key);
    write(out, types);
  }
  members.end();
}

void write(json::Writer& out, const Schema& schema) {
  write_fields(out, schema, json::Unset::Dropped);
}

template void read(json::Reader&, Index<FtsIndexConfig>&);
template void write(json::Writer&, const Index<FtsIndexConfig>&);
template void read(json::Reader&, Index<StringInvertedIndexConfig>&);
template void write(json::Writer&, const Index<StringInvertedIndexConfig>&);
template void read(json::Reader&, Index<VectorIndexConfig>&);
template void write(json::Writer&, const Index<VectorIndexConfig>&);
template void read(json::Reader&, Index<SparseVectorIndexConfig>&);
template void write(json::Writer&, const Index<SparseVectorIndexConfig>&);
template void read(json::Reader&, Index<IntInvertedIndexConfig>&);
template void write(json::Writer&, const Index<IntInvertedIndexConfig>&);
template void read(json::Reader&, Index<FloatInvertedIndexConfig>&);
template void write(json::Writer&, const Index<FloatInvertedIndexConfig>&);
template void read(json::Reader&, Index<BoolInvertedIndexConfig>&);
template void write(json::Writer&, const Index<BoolInvertedIndexConfig>&);
template void read(json::Reader&, StringValueType&);
template void write(json::Writer&, const StringValueType&);
template void read(json::Reader&, FloatListValueType&);
template void write(json::Writer&, const FloatListValueType&);
template void read(json::Reader&, SparseVectorValueType&);
template void write(json::Writer&, const SparseVectorValueType&);
template void read(json::Reader&, IntValueType&);
template void write(json::Writer&, const IntValueType&);
template void read(json::Reader&, FloatValueType&);
template void write(json::Writer&, const FloatValueType&);
template void read(json::Reader&, BoolValueType&);
template void write(json::Writer&, const BoolValueType&);

}  // namespace chroma
