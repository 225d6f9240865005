#pragma once

#include "json/fields.hpp"

#include <chroma/schema.hpp>

#include <concepts>

/// The members of schemas and of their parts: see json/fields.hpp. Unknown keys are kept.
namespace chroma::detail {

struct SettingsDescription {
  static constexpr auto unset = json::Unset::Dropped;
};

struct ValueTypeDescription : SettingsDescription {
  static constexpr char prefix = '$';  // A server may write "$fts_index" for "fts_index".
};

template <>
struct Description<HnswIndexConfig> : SettingsDescription {
  static void fields(auto& config, auto visit) {
    visit("ef_construction", config.ef_construction);
    visit("max_neighbors", config.max_neighbors);
    visit("ef_search", config.ef_search);
    visit("num_threads", config.num_threads);
    visit("batch_size", config.batch_size);
    visit("sync_threshold", config.sync_threshold);
    visit("resize_factor", config.resize_factor);
  }
};

template <>
struct Description<SpannIndexConfig> : SettingsDescription {
  static void fields(auto& config, auto visit) {
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
};

template <>
struct Description<VectorIndexConfig> : SettingsDescription {
  static void fields(auto& config, auto visit) {
    visit("space", config.space);
    visit("embedding_function", config.embedding_function);
    visit("source_key", config.source_key);
    visit("hnsw", config.hnsw);
    visit("spann", config.spann);
  }
};

template <>
struct Description<SparseVectorIndexConfig> : SettingsDescription {
  static void fields(auto& config, auto visit) {
    visit("embedding_function", config.embedding_function);
    visit("source_key", config.source_key);
    visit("bm25", config.bm25);
  }
};

/// The settings of indexes that have none so far.
template <class Config>
requires std::same_as<Config, FtsIndexConfig> || std::same_as<Config, StringInvertedIndexConfig> ||
    std::same_as<Config, IntInvertedIndexConfig> || std::same_as<Config, FloatInvertedIndexConfig> ||
    std::same_as<Config, BoolInvertedIndexConfig>
struct Description<Config> {
  static void fields(auto&, auto) {}
};

template <class Config>
struct Description<Index<Config>> : SettingsDescription {
  static void fields(auto& index, auto visit) {
    visit(json::required("enabled"), index.enabled);
    visit(json::required("config"), index.config);
  }
};

template <>
struct Description<StringValueType> : ValueTypeDescription {
  static void fields(auto& type, auto visit) {
    visit("fts_index", type.fts_index);
    visit("string_inverted_index", type.string_inverted_index);
  }
};

template <>
struct Description<FloatListValueType> : ValueTypeDescription {
  static void fields(auto& type, auto visit) { visit("vector_index", type.vector_index); }
};

template <>
struct Description<SparseVectorValueType> : ValueTypeDescription {
  static void fields(auto& type, auto visit) { visit("sparse_vector_index", type.sparse_vector_index); }
};

template <>
struct Description<IntValueType> : ValueTypeDescription {
  static void fields(auto& type, auto visit) { visit("int_inverted_index", type.int_inverted_index); }
};

template <>
struct Description<FloatValueType> : ValueTypeDescription {
  static void fields(auto& type, auto visit) { visit("float_inverted_index", type.float_inverted_index); }
};

template <>
struct Description<BoolValueType> : ValueTypeDescription {
  static void fields(auto& type, auto visit) { visit("bool_inverted_index", type.bool_inverted_index); }
};

template <>
struct Description<ValueTypes> : SettingsDescription {
  static constexpr char prefix = '#';  // A server may write "#string" for "string".
  static void fields(auto& types, auto visit) {
    visit("string", types.string);
    visit("float_list", types.float_list);
    visit("sparse_vector", types.sparse_vector);
    visit("int", types.int_);
    visit("float", types.float_);
    visit("bool", types.bool_);
  }
};

template <>
struct Description<Schema> : SettingsDescription {
  static void fields(auto& schema, auto visit) {
    visit(json::required("defaults"), schema.defaults);
    visit(json::required("keys", "key_overrides"), schema.keys);
    visit("cmek", schema.cmek);
    visit("source_attached_function_id", schema.source_attached_function_id);
  }
};

}  // namespace chroma::detail
