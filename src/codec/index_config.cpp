#include "codec/index_config.hpp"

#include "codec/any_json.hpp"
#include "codec/fields.hpp"
#include "codec/read_object.hpp"
#include "codec/schema_fields.hpp"

namespace chroma {

// Here and not among the types, which know no JSON.
EmbeddingFunctionConfiguration EmbeddingFunctionConfiguration::known(std::string name,
                                                                     std::string config_json) {
  static_cast<void>(codec::decode<codec::AnyJson>(config_json));
  EmbeddingFunctionConfiguration result;
  result.type_ = Type::Known;
  result.name_ = std::move(name);
  result.config_ = std::move(config_json);
  return result;
}

namespace codec {

namespace {
constexpr std::string_view quantized = "four_bit_rabit_q_with_u_search";
}  // namespace

void read(JsonReader& in, Space& space) {
  in.skip_space();
  const char* begin = in.cursor();
  const auto text = in.string();
  for (const auto known : {Space::L2, Space::Cosine, Space::Ip}) {
    if (text == to_string(known)) {
      space = known;
      return;
    }
  }
  in.fail_at(begin, "unknown space '" + text + "', expected l2, cosine or ip");
}

void write(JsonWriter& out, Space space) {
  out.string(to_string(space));
}

namespace {

/// Takes a text out of what was read.
std::optional<std::string> take(UnknownKeys& keys, const char* name) {
  const auto node = keys.extract(name);
  return node ? std::optional(std::move(node.mapped())) : std::nullopt;
}

EmbeddingFunctionConfiguration make_known(const JsonReader& in, UnknownKeys& keys) {
  const auto name = take(keys, "name");
  const auto config = take(keys, "config");
  require_member(in, name.has_value(), "name");
  require_member(in, config.has_value(), "config");
  return EmbeddingFunctionConfiguration::known(decode<std::string>(*name), *config);
}

}  // namespace

void read(JsonReader& in, EmbeddingFunctionConfiguration& function) {
  UnknownKeys keys;
  read(in, keys);
  const auto json = take(keys, "type");
  require_member(in, json.has_value(), "type");
  const auto type = decode<std::string>(*json);
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

void write(JsonWriter& out, const EmbeddingFunctionConfiguration& function) {
  MemberWriter members(out);
  const auto member = [&](const char* name, std::string_view json) {
    members.name(name);
    out.raw(json);
  };
  switch (function.type()) {
    case EmbeddingFunctionConfiguration::Type::Legacy:
      member("type", R"("legacy")");
      break;
    case EmbeddingFunctionConfiguration::Type::Unknown:
      member("type", R"("unknown")");
      break;
    case EmbeddingFunctionConfiguration::Type::Known:
      member("type", R"("known")");
      members.name("name");
      out.string(function.name());
      member("config", function.config());
      break;
    case EmbeddingFunctionConfiguration::Type::Other:
      break;
  }
  members.unknown(function.unknown_keys());
  members.end();
}

void read(JsonReader& in, VectorIndexConfig& config) {
  read_fields(in, config);
}
void write(JsonWriter& out, const VectorIndexConfig& config) {
  write_fields(out, config, Unset::Dropped);
}
void read(JsonReader& in, HnswIndexConfig& config) {
  read_fields(in, config);
}
void write(JsonWriter& out, const HnswIndexConfig& config) {
  write_fields(out, config, Unset::Dropped);
}
void read(JsonReader& in, SparseVectorIndexConfig& config) {
  read_fields(in, config);
}
void write(JsonWriter& out, const SparseVectorIndexConfig& config) {
  write_fields(out, config, Unset::Dropped);
}
void read(JsonReader& in, FtsIndexConfig& config) {
  read_fields(in, config);
}
void write(JsonWriter& out, const FtsIndexConfig& config) {
  write_fields(out, config, Unset::Dropped);
}
void read(JsonReader& in, StringInvertedIndexConfig& config) {
  read_fields(in, config);
}
void write(JsonWriter& out, const StringInvertedIndexConfig& config) {
  write_fields(out, config, Unset::Dropped);
}
void read(JsonReader& in, IntInvertedIndexConfig& config) {
  read_fields(in, config);
}
void write(JsonWriter& out, const IntInvertedIndexConfig& config) {
  write_fields(out, config, Unset::Dropped);
}
void read(JsonReader& in, FloatInvertedIndexConfig& config) {
  read_fields(in, config);
}
void write(JsonWriter& out, const FloatInvertedIndexConfig& config) {
  write_fields(out, config, Unset::Dropped);
}
void read(JsonReader& in, BoolInvertedIndexConfig& config) {
  read_fields(in, config);
}
void write(JsonWriter& out, const BoolInvertedIndexConfig& config) {
  write_fields(out, config, Unset::Dropped);
}

// `quantize` is dropped when it is "none", and a kind of a newer server stays among the unknown keys.
void read(JsonReader& in, SpannIndexConfig& config) {
  read_fields(in, config);
  const auto found = config.unknown.find("quantize");
  if (found == config.unknown.end()) return;
  if (found->second == '"' + std::string(quantized) + '"')
    config.quantize = Quantization::FourBitRabitQWithUSearch;
  if (config.quantize != Quantization::Unquantized || found->second == R"("none")") config.unknown.erase(found);
}

void write(JsonWriter& out, const SpannIndexConfig& config) {
  if (config.quantize == Quantization::Unquantized) {
    write_fields(out, config, Unset::Dropped);
    return;
  }
  auto quantizing = config;
  quantizing.unknown["quantize"] = '"' + std::string(quantized) + '"';
  write_fields(out, quantizing, Unset::Dropped);
}

}  // namespace codec
}  // namespace chroma
