#pragma once

#include <chroma/index_config.hpp>

namespace chroma::detail {

/// The server's defaults of an HNSW index: of the settings that `HnswIndexConfig` and `HnswConfiguration`
/// share.
template <class Config>
[[nodiscard]] Config default_hnsw() {
  Config config;
  config.ef_construction = 100;
  config.max_neighbors = 16;
  config.ef_search = 100;
  config.batch_size = 100;
  config.sync_threshold = 1000;
  config.resize_factor = 1.2;
  return config;
}

/// The server's defaults of a SPANN index.
[[nodiscard]] inline SpannIndexConfig default_spann() {
  SpannIndexConfig config;
  config.search_nprobe = 64;
  config.search_rng_factor = 1.0F;
  config.search_rng_epsilon = 10.0F;
  config.nreplica_count = 8;
  config.write_rng_factor = 1.0F;
  config.write_rng_epsilon = 5.0F;
  config.split_threshold = 50;
  config.num_samples_kmeans = 1000;
  config.initial_lambda = 100.0F;
  config.reassign_neighbor_count = 64;
  config.merge_threshold = 25;
  config.num_centers_to_merge_to = 8;
  config.write_nprobe = 32;
  config.ef_construction = 200;
  config.ef_search = 200;
  config.max_neighbors = 64;
  return config;
}

}  // namespace chroma::detail
