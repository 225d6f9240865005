#include "codec/index_config.hpp"

#include "json/any_json.hpp"
#include "json/fields.hpp"
#include "json/read_object.hpp"
#include "types/schema_fields.hpp"

namespace chroma {

namespace {
constexpr std::string_view quantized = "four_bit_rabit_q_with_u_search";
}  // namespace

void read(json::Reader& in, Space& space) {
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

void write(json::Writer& out, Space space) {
  out.string(to_string(space));
}

namespace {

/// Takes a text out of what was read.
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
  read(in, keys);
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

void read(json::Reader& in, VectorIndexConfig& config) {
  read_fields(in, config);
}
void write(json::Writer& out, const VectorIndexConfig& config) {
  write_fields(out, config, json::Unset::Dropped);
}
void read(json::Reader& in, HnswIndexConfig& config) {
  read_fields(in, config);
}
void write(json::Writer& out, const HnswIndexConfig& config) {
  write_fields(out, config, json::Unset::Dropped);
}
void read(json::Reader& in, SparseVectorIndexConfig& config) {
  read_fields(in, config);
}
void write(json::Writer& out, const SparseVectorIndexConfig& config) {
  write_fields(out, config, json::Unset::Dropped);
}
void read(json::Reader& in, FtsIndexConfig& config) {
  read_fields(in, config);
}
void write(json::Writer& out, const FtsIndexConfig& config) {
  write_fields(out, config, json::Unset::Dropped);
}
void read(json::Reader& in, StringInvertedIndexConfig& config) {
  read_fields(in, config);
}
void write(json::Writer& out, const StringInvertedIndexConfig& config) {
  write_fields(out, config, json::Unset::Dropped);
}
void read(json::Reader& in, IntInvertedIndexConfig& config) {
  read_fields(in, config);
}
void write(json::Writer& out, const IntInvertedIndexConfig& config) {
  write_fields(out, config, json::Unset::Dropped);
}
void read(json::Reader& in, FloatInvertedIndexConfig& config) {
  read_fields(in, config);
}
void write(json::Writer& out, const FloatInvertedIndexConfig& config) {
  write_fields(out, config, json::Unset::Dropped);
}
void read(json::Reader& in, BoolInvertedIndexConfig& config) {
  read_fields(in, config);
}
void write(json::Writer& out, const BoolInvertedIndexConfig& config) {
  write_fields(out, config, json::Unset::Dropped);
}

// `quantize` is dropped when it is "none", and a kind of a newer server stays among the unknown keys.
void read(json::Reader& in, SpannIndexConfig& config) {
  read_fields(in, config);
  const auto found = config.unknown.find("quantize");
  if (found == config.unknown.end()) return;
  if (found->second == '"' + std::string(quantized) + '"')
    config.quantize = Quantization::FourBitRabitQWithUSearch;
  if (config.quantize != Quantization::Unquantized || found->second == R"("none")")
    config.unknown.erase(found);
}

void write(json::Writer& out, const SpannIndexConfig& config) {
  if (config.quantize == Quantization::Unquantized) {
    write_fields(out, config, json::Unset::Dropped);
    return;
  }
  auto quantizing = config;
  quantizing.unknown["quantize"] = '"' + std::string(quantized) + '"';
  write_fields(out, quantizing, json::Unset::Dropped);
}

}  // namespace chroma
