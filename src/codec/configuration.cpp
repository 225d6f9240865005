#include "codec/configuration.hpp"

#include "codec/index_config.hpp"
#include "json/fields.hpp"

#include <concepts>

namespace chroma {

// The members of each type, in the order of the wire. Found by the visitor's namespace, so not in an unnamed
// one.

template <class Visit>
void fields(const HnswConfiguration& value, Visit visit) {
  visit("space", value.space);
  visit("ef_construction", value.ef_construction);
  visit("ef_search", value.ef_search);
  visit("max_neighbors", value.max_neighbors);
  visit("resize_factor", value.resize_factor);
  visit("sync_threshold", value.sync_threshold);
}
template <class Visit>
void fields(HnswConfiguration& value, Visit visit) {
  visit("space", value.space);
  visit("ef_construction", value.ef_construction);
  visit("ef_search", value.ef_search);
  visit("max_neighbors", value.max_neighbors);
  visit("num_threads", value.num_threads);
  visit("resize_factor", value.resize_factor);
  visit("sync_threshold", value.sync_threshold);
  visit("batch_size", value.batch_size);
}

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, SpannConfiguration>
void fields(T& value, Visit visit) {
  visit("search_nprobe", value.search_nprobe);
  visit("write_nprobe", value.write_nprobe);
  visit("space", value.space);
  visit("ef_construction", value.ef_construction);
  visit("ef_search", value.ef_search);
  visit("max_neighbors", value.max_neighbors);
  visit("reassign_neighbor_count", value.reassign_neighbor_count);
  visit("split_threshold", value.split_threshold);
  visit("merge_threshold", value.merge_threshold);
}

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, UpdateHnswConfiguration>
void fields(T& value, Visit visit) {
  visit("ef_search", value.ef_search);
  visit("max_neighbors", value.max_neighbors);
  visit("num_threads", value.num_threads);
  visit("resize_factor", value.resize_factor);
  visit("sync_threshold", value.sync_threshold);
  visit("batch_size", value.batch_size);
}

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, UpdateSpannConfiguration>
void fields(T& value, Visit visit) {
  visit("search_nprobe", value.search_nprobe);
  visit("ef_search", value.ef_search);
}

template <class T, class Visit>
requires std::same_as<std::remove_const_t<T>, CollectionConfiguration> ||
    std::same_as<std::remove_const_t<T>, UpdateCollectionConfiguration>
void fields(T& value, Visit visit) {
  visit("hnsw", value.hnsw);
  visit("spann", value.spann);
  visit("embedding_function", value.embedding_function);
}

namespace {

template <class T>
void refuse_two_indexes(const json::Reader& in, const T& configuration) {
  if (configuration.hnsw && configuration.spann) in.fail("Multiple vector index configurations provided");
}

}  // namespace

void read(json::Reader& in, HnswConfiguration& configuration) {
  read_fields(in, configuration);
}
void write(json::Writer& out, const HnswConfiguration& configuration) {
  write_fields(out, configuration, json::Unset::Null);
}
void read(json::Reader& in, SpannConfiguration& configuration) {
  read_fields(in, configuration);
}
void write(json::Writer& out, const SpannConfiguration& configuration) {
  write_fields(out, configuration, json::Unset::Null);
}

void read(json::Reader& in, CollectionConfiguration& configuration) {
  read_fields(in, configuration);
  refuse_two_indexes(in, configuration);
  if (!configuration.hnsw && !configuration.spann) {
    configuration.hnsw = CollectionConfiguration::default_hnsw().hnsw;
  }
}
void write(json::Writer& out, const CollectionConfiguration& configuration) {
  write_fields(out, configuration, json::Unset::Null);
}

void read(json::Reader& in, UpdateHnswConfiguration& configuration) {
  read_fields(in, configuration);
}
void write(json::Writer& out, const UpdateHnswConfiguration& configuration) {
  write_fields(out, configuration, json::Unset::Null);
}
void read(json::Reader& in, UpdateSpannConfiguration& configuration) {
  read_fields(in, configuration);
}
void write(json::Writer& out, const UpdateSpannConfiguration& configuration) {
  write_fields(out, configuration, json::Unset::Null);
}
void read(json::Reader& in, UpdateCollectionConfiguration& configuration) {
  read_fields(in, configuration);
  refuse_two_indexes(in, configuration);
}
void write(json::Writer& out, const UpdateCollectionConfiguration& configuration) {
  write_fields(out, configuration, json::Unset::Null);
}

}  // namespace chroma
