#include "codec/schema.hpp"

#include "codec/index_config.hpp"
#include "codec/instantiate.hpp"
#include "types/schema_fields.hpp"

namespace chroma {

void read(json::Reader& in, Cmek& cmek) {
  UnknownKeys keys;
  keep_all(in, keys);
  require_member(in, !keys.empty(), "gcp");
  const auto gcp = keys.extract("gcp");
  cmek = gcp ? Cmek::gcp(json::decode<std::string>(gcp.mapped())) : Cmek::other({});
  cmek.set_unknown_keys(std::move(keys));
}

void write(json::Writer& out, const Cmek& cmek) {
  json::MemberWriter members(out);
  if (cmek.provider() == Cmek::Provider::Gcp) members.value("gcp", cmek.resource());
  members.raw(cmek.unknown_keys());
  members.end();
}

void read(json::Reader& in, Schema& schema) {
  schema = Schema::empty();
  read_fields(in, schema);
}

void write(json::Writer& out, const Schema& schema) {
  json::write<Schema>(out, schema);
}

CHROMA_CODEC(Index<VectorIndexConfig>);
CHROMA_CODEC(Index<SparseVectorIndexConfig>);
CHROMA_CODEC(Index<FtsIndexConfig>);
CHROMA_CODEC(Index<StringInvertedIndexConfig>);
CHROMA_CODEC(Index<IntInvertedIndexConfig>);
CHROMA_CODEC(Index<FloatInvertedIndexConfig>);
CHROMA_CODEC(Index<BoolInvertedIndexConfig>);
CHROMA_CODEC(StringValueType);
CHROMA_CODEC(FloatListValueType);
CHROMA_CODEC(SparseVectorValueType);
CHROMA_CODEC(IntValueType);
CHROMA_CODEC(FloatValueType);
CHROMA_CODEC(BoolValueType);
CHROMA_CODEC(ValueTypes);
CHROMA_CODEC(Cmek);
CHROMA_CODEC(Schema);

}  // namespace chroma
