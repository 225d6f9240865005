// Configurations of collections. Members without a value are written as null. Unknown keys are kept.
#include "codec/configuration.hpp"

#include "codec/index_config.hpp"
#include "codec/instantiate.hpp"

#include <concepts>

namespace chroma {

template <>
struct detail::Description<HnswConfiguration> {
  static void fields(auto& value, auto visit) {
    visit("space", value.space);
    visit("ef_construction", value.ef_construction);
    visit("ef_search", value.ef_search);
    visit("max_neighbors", value.max_neighbors);
    visit("num_threads", json::read_only(value.num_threads));
    visit("resize_factor", value.resize_factor);
    visit("sync_threshold", value.sync_threshold);
    visit("batch_size", json::read_only(value.batch_size));
  }
};

template <>
struct detail::Description<SpannConfiguration> {
  static void fields(auto& value, auto visit) {
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
};

template <>
struct detail::Description<UpdateHnswConfiguration> {
  static void fields(auto& value, auto visit) {
    visit("ef_search", value.ef_search);
    visit("max_neighbors", value.max_neighbors);
    visit("num_threads", value.num_threads);
    visit("resize_factor", value.resize_factor);
    visit("sync_threshold", value.sync_threshold);
    visit("batch_size", value.batch_size);
  }
};

template <>
struct detail::Description<UpdateSpannConfiguration> {
  static void fields(auto& value, auto visit) {
    visit("search_nprobe", value.search_nprobe);
    visit("ef_search", value.ef_search);
  }
};

template <class T>
requires std::same_as<T, CollectionConfiguration> || std::same_as<T, UpdateCollectionConfiguration>
struct detail::Description<T> {
  static void fields(auto& value, auto visit) {
    visit("hnsw", value.hnsw);
    visit("spann", value.spann);
    visit("embedding_function", value.embedding_function);
  }
  static void finish(json::Reader& in, T& value) {
    if (value.hnsw && value.spann) in.fail("Multiple vector index configurations provided");
    if constexpr (std::same_as<T, CollectionConfiguration>) {
      if (!value.hnsw && !value.spann) value.hnsw = CollectionConfiguration::default_hnsw().hnsw;
    }
  }
};

void read(json::Reader& in, CollectionConfiguration& configuration) {
  json::read<CollectionConfiguration>(in, configuration);
}
void write(json::Writer& out, const CollectionConfiguration& configuration) {
  json::write<CollectionConfiguration>(out, configuration);
}

CHROMA_CODEC(HnswConfiguration);
CHROMA_CODEC(SpannConfiguration);
CHROMA_CODEC(CollectionConfiguration);
CHROMA_CODEC(UpdateHnswConfiguration);
CHROMA_CODEC(UpdateSpannConfiguration);
CHROMA_CODEC(UpdateCollectionConfiguration);

}  // namespace chroma
