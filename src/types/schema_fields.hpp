#pragma once

#include <chroma/schema.hpp>

#include <concepts>
#include <type_traits>

/// The members of schemas and of what they are made of, in the order of the wire: see fields.hpp.
namespace chroma {

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

template <class Config, class Visit>
void fields(Index<Config>& index, Visit visit) {
  visit("enabled", index.enabled);
  visit("config", index.config);
}
template <class Config, class Visit>
void fields(const Index<Config>& index, Visit visit) {
  visit("enabled", index.enabled);
  visit("config", index.config);
}

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, StringValueType>
void fields(T& type, Visit visit) {
  visit("fts_index", type.fts_index);
  visit("string_inverted_index", type.string_inverted_index);
}
template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, FloatListValueType>
void fields(T& type, Visit visit) {
  visit("vector_index", type.vector_index);
}
template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, SparseVectorValueType>
void fields(T& type, Visit visit) {
  visit("sparse_vector_index", type.sparse_vector_index);
}
template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, IntValueType>
void fields(T& type, Visit visit) {
  visit("int_inverted_index", type.int_inverted_index);
}
template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, FloatValueType>
void fields(T& type, Visit visit) {
  visit("float_inverted_index", type.float_inverted_index);
}
template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, BoolValueType>
void fields(T& type, Visit visit) {
  visit("bool_inverted_index", type.bool_inverted_index);
}
template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, ValueTypes>
void fields(T& types, Visit visit) {
  visit("string", types.string);
  visit("float_list", types.float_list);
  visit("sparse_vector", types.sparse_vector);
  visit("int", types.int_);
  visit("float", types.float_);
  visit("bool", types.bool_);
}
template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, Schema>
void fields(T& schema, Visit visit) {
  visit("defaults", schema.defaults);
  visit("keys", schema.keys);
  visit("cmek", schema.cmek);
  visit("source_attached_function_id", schema.source_attached_function_id);
}

}  // namespace chroma
