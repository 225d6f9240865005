// Settings of indexes.
#include "codec/index_config.hpp"

#include "codec/instantiate.hpp"
#include "types/schema_fields.hpp"

namespace chroma {

void read(json::Reader& in, Space& space) {
  space = json::read_one_of(in, "space", {Space::L2, Space::Cosine, Space::Ip});
}

void write(json::Writer& out, Space space) {
  out.string(to_string(space));
}

namespace {

/// Removes a member and returns its value.
std::optional<std::string> take(UnknownKeys& keys, const char* name) {
  const auto node = keys.extract(name);
  return node ? std::optional(std::move(node.mapped())) : std::nullopt;
}

EmbeddingFunctionConfiguration make_known(const json::Reader& in, UnknownKeys& keys) {
  const auto name = take(keys, "name");
  const auto config = take(keys, "config");
  require_member(in, name.has_value(), "name");
  require_member(in, config.has_value(), "config");
  return EmbeddingFunctionConfiguration::known(json::decode<std::string>(*name), *config);
}

}  // namespace

void read(json::Reader& in, EmbeddingFunctionConfiguration& function) {
  UnknownKeys keys;
  keep_all(in, keys);
  const auto json = take(keys, "type");
  require_member(in, json.has_value(), "type");
  const auto type = json::decode<std::string>(*json);
  if (type == "legacy") {
    function = EmbeddingFunctionConfiguration::legacy();
  } else if (type == "unknown") {
    function = EmbeddingFunctionConfiguration::unknown();
  } else if (type == "known") {
    function = make_known(in, keys);
  } else {
    keys.emplace("type", *json);
    function = EmbeddingFunctionConfiguration::other({});
  }
  function.set_unknown_keys(std::move(keys));
}

void write(json::Writer& out, const EmbeddingFunctionConfiguration& function) {
  json::MemberWriter members(out);
  switch (function.type()) {
    case EmbeddingFunctionConfiguration::Type::Legacy:
      members.value("type", std::string_view("legacy"));
      break;
    case EmbeddingFunctionConfiguration::Type::Unknown:
      members.value("type", std::string_view("unknown"));
      break;
    case EmbeddingFunctionConfiguration::Type::Known:
      members.value("type", std::string_view("known"));
      members.value("name", function.name());
      members.raw("config", function.config());
      break;
    case EmbeddingFunctionConfiguration::Type::Other:
      break;
  }
  members.raw(function.unknown_keys());
  members.end();
}

namespace {
constexpr std::string_view quantized = R"("four_bit_rabit_q_with_u_search")";
}  // namespace

// "quantize" is only written if it has a value other than none. A value that this version does not know is
// kept among the unknown keys.
void read(json::Reader& in, SpannIndexConfig& config) {
  json::read<SpannIndexConfig>(in, config);
  const auto found = config.unknown.find("quantize");
  if (found == config.unknown.end()) return;
  if (found->second == quantized) config.quantize = Quantization::FourBitRabitQWithUSearch;
  if (found->second == quantized || found->second == R"("none")") config.unknown.erase(found);
}

void write(json::Writer& out, const SpannIndexConfig& config) {
  json::MemberWriter members(out);
  write_fields(members, config);
  if (config.quantize == Quantization::FourBitRabitQWithUSearch) members.raw("quantize", quantized);
  members.end();
}

CHROMA_CODEC(Space);
CHROMA_CODEC(EmbeddingFunctionConfiguration);
CHROMA_CODEC(VectorIndexConfig);
CHROMA_CODEC(HnswIndexConfig);
CHROMA_CODEC(SpannIndexConfig);
CHROMA_CODEC(SparseVectorIndexConfig);
CHROMA_CODEC(FtsIndexConfig);
CHROMA_CODEC(StringInvertedIndexConfig);
CHROMA_CODEC(IntInvertedIndexConfig);
CHROMA_CODEC(FloatInvertedIndexConfig);
CHROMA_CODEC(BoolInvertedIndexConfig);

}  // namespace chroma
