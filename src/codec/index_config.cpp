#include "codec/index_config.hpp"

#include "codec/any_json.hpp"
#include "codec/fields.hpp"
#include "codec/read_object.hpp"

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

// The members of each type, in the order of the wire. Found by the visitor's namespace, so not in an unnamed
// one.

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, HnswIndexConfig>
void fields(T& config, Visit visit) {
  visit("ef_construction", config.ef_construction);
  visit("max_neighbors", config.max_neighbors);
  visit("ef_search", config.ef_search);
  visit("num_threads", config.num_threads);
  visit("batch_size", config.batch_size);
  visit("sync_threshold", config.sync_threshold);
  visit("resize_factor", config.resize_factor);
}

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, SpannIndexConfig>
void fields(T& config, Visit visit) {
  visit("search_nprobe", config.search_nprobe);
  visit("search_rng_factor", config.search_rng_factor);
  visit("search_rng_epsilon", config.search_rng_epsilon);
  visit("nreplica_count", config.nreplica_count);
  visit("write_rng_factor", config.write_rng_factor);
  visit("write_rng_epsilon", config.write_rng_epsilon);
  visit("split_threshold", config.split_threshold);
  visit("num_samples_kmeans", config.num_samples_kmeans);
  visit("initial_lambda", config.initial_lambda);
  visit("reassign_neighbor_count", config.reassign_neighbor_count);
  visit("merge_threshold", config.merge_threshold);
  visit("num_centers_to_merge_to", config.num_centers_to_merge_to);
  visit("write_nprobe", config.write_nprobe);
  visit("ef_construction", config.ef_construction);
  visit("ef_search", config.ef_search);
  visit("max_neighbors", config.max_neighbors);
  visit("center_drift_threshold", config.center_drift_threshold);
}

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, VectorIndexConfig>
void fields(T& config, Visit visit) {
  visit("space", config.space);
  visit("embedding_function", config.embedding_function);
  visit("source_key", config.source_key);
  visit("hnsw", config.hnsw);
  visit("spann", config.spann);
}

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, SparseVectorIndexConfig>
void fields(T& config, Visit visit) {
  visit("embedding_function", config.embedding_function);
  visit("source_key", config.source_key);
  visit("bm25", config.bm25);
}

/// Settings without a setting so far.
template <class T>
concept Plain = std::same_as<std::remove_const_t<T>, FtsIndexConfig> ||
    std::same_as<std::remove_const_t<T>, StringInvertedIndexConfig> ||
    std::same_as<std::remove_const_t<T>, IntInvertedIndexConfig> ||
    std::same_as<std::remove_const_t<T>, FloatInvertedIndexConfig> ||
    std::same_as<std::remove_const_t<T>, BoolInvertedIndexConfig>;

template <Plain T, class Visit>
void fields(T&, Visit) {}

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

void read(JsonReader& in, EmbeddingFunctionConfiguration& function) {
  std::optional<std::string> type;
  std::optional<std::string> name;
  std::optional<std::string> config;
  read_object(in, [&](std::string_view key) {
    if (key == "type") {
      in.string(type.emplace());
    } else if (key == "name") {
      in.string(name.emplace());
    } else if (key == "config") {
      config = in.skip();
    } else {
      return false;
    }
    return true;
  });
  require_member(in, type.has_value(), "type");
  if (type == "legacy") {
    function = EmbeddingFunctionConfiguration::legacy();
  } else if (type == "unknown") {
    function = EmbeddingFunctionConfiguration::unknown();
  } else if (type == "known") {
    require_member(in, name.has_value(), "name");
    require_member(in, config.has_value(), "config");
    function = EmbeddingFunctionConfiguration::known(std::move(*name), std::move(*config));
  } else {
    in.fail("unknown type of embedding function '" + *type + "', expected legacy, known or unknown");
  }
}

void write(JsonWriter& out, const EmbeddingFunctionConfiguration& function) {
  switch (function.type()) {
    case EmbeddingFunctionConfiguration::Type::Legacy:
      out.raw(R"({"type":"legacy"})");
      return;
    case EmbeddingFunctionConfiguration::Type::Unknown:
      out.raw(R"({"type":"unknown"})");
      return;
    case EmbeddingFunctionConfiguration::Type::Known:
      out.raw(R"({"type":"known","name":)");
      out.string(function.name());
      out.raw(R"(,"config":)");
      out.raw(function.config());
      out.raw('}');
  }
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
  if (config.quantize != Quantization::None || found->second == R"("none")") config.unknown.erase(found);
}

void write(JsonWriter& out, const SpannIndexConfig& config) {
  if (config.quantize == Quantization::None) {
    write_fields(out, config, Unset::Dropped);
    return;
  }
  auto quantizing = config;
  quantizing.unknown["quantize"] = '"' + std::string(quantized) + '"';
  write_fields(out, quantizing, Unset::Dropped);
}

}  // namespace codec
}  // namespace chroma
