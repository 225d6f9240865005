#pragma once

/// @file
/// `CollectionConfiguration`: index settings in the form that is older than `Schema`. Servers still send it
/// in addition to the schema.

#include <chroma/export.hpp>
#include <chroma/index_config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace chroma {

/// Settings of an HNSW index (hierarchical navigable small world graph). The values in parentheses are the
/// server's defaults.
struct CHROMA_API HnswConfiguration {
  HnswConfiguration() = default;

  std::optional<Space> space;                  ///< Distance between embeddings (L2).
  std::optional<std::size_t> ef_construction;  ///< Candidates that are kept while a record is inserted (100).
  std::optional<std::size_t> ef_search;        ///< Candidates that are kept during a search (100).
  std::optional<std::size_t> max_neighbors;    ///< Links of each node, known as M (16).
  /// Threads (the number of processors). Read from responses and never written, as in the Rust crate.
  std::optional<std::size_t> num_threads;
  std::optional<double> resize_factor;        ///< Factor by which a full index grows (1.2).
  std::optional<std::size_t> sync_threshold;  ///< Records after which the index is written to disk (1000).
  /// Records that are collected before they are indexed (100). Read from responses and never written, as in
  /// the Rust crate.
  std::optional<std::size_t> batch_size;
  UnknownKeys unknown;  ///< Members of the JSON object that this version does not know.

  friend bool operator==(const HnswConfiguration&, const HnswConfiguration&) = default;
};

/// Settings of a SPANN index (clusters of vectors with an index of their centers). The values in parentheses
/// are the server's defaults.
struct CHROMA_API SpannConfiguration {
  SpannConfiguration() = default;

  std::optional<std::uint32_t> search_nprobe;  ///< Clusters that a search examines (64).
  std::optional<std::uint32_t> write_nprobe;   ///< Clusters that a write examines (32).
  std::optional<Space> space;                  ///< Distance between embeddings (L2).
  /// Candidates that are kept while a cluster center is inserted (200).
  std::optional<std::size_t> ef_construction;
  std::optional<std::size_t> ef_search;      ///< Candidates that are kept during a search for centers (200).
  std::optional<std::size_t> max_neighbors;  ///< Links of each cluster center (64).
  /// Neighboring clusters whose vectors are reassigned when a cluster splits (64).
  std::optional<std::uint32_t> reassign_neighbor_count;
  std::optional<std::uint32_t> split_threshold;  ///< Number of vectors at which a cluster splits (50).
  std::optional<std::uint32_t> merge_threshold;  ///< Number of vectors at which clusters merge (25).
  UnknownKeys unknown;  ///< Members of the JSON object that this version does not know.

  friend bool operator==(const SpannConfiguration&, const SpannConfiguration&) = default;
};

/// Index settings of a collection. A server sends exactly one of `hnsw` and `spann`.
struct CHROMA_API CollectionConfiguration {
  CollectionConfiguration() = default;
  /// An HNSW index with the default of every setting: the meaning of `{}` in a response.
  [[nodiscard]] static CollectionConfiguration default_hnsw();

  std::optional<HnswConfiguration> hnsw;
  std::optional<SpannConfiguration> spann;
  std::optional<EmbeddingFunctionConfiguration> embedding_function;
  UnknownKeys unknown;  ///< Members of the JSON object that this version does not know.

  friend bool operator==(const CollectionConfiguration&, const CollectionConfiguration&) = default;
};

/// The settings of an HNSW index that can be changed after the collection is created. An unset member keeps
/// its value.
struct CHROMA_API UpdateHnswConfiguration {
  UpdateHnswConfiguration() = default;

  std::optional<std::size_t> ef_search;
  std::optional<std::size_t> max_neighbors;
  std::optional<std::size_t> num_threads;
  std::optional<double> resize_factor;
  std::optional<std::size_t> sync_threshold;
  std::optional<std::size_t> batch_size;
  UnknownKeys unknown;

  friend bool operator==(const UpdateHnswConfiguration&, const UpdateHnswConfiguration&) = default;
};

/// The settings of a SPANN index that can be changed after the collection is created. An unset member keeps
/// its value.
struct CHROMA_API UpdateSpannConfiguration {
  UpdateSpannConfiguration() = default;

  std::optional<std::uint32_t> search_nprobe;
  std::optional<std::size_t> ef_search;
  UnknownKeys unknown;

  friend bool operator==(const UpdateSpannConfiguration&, const UpdateSpannConfiguration&) = default;
};

/// Changes of a collection's configuration. At most one of `hnsw` and `spann` may be set.
struct CHROMA_API UpdateCollectionConfiguration {
  UpdateCollectionConfiguration() = default;

  std::optional<UpdateHnswConfiguration> hnsw;
  std::optional<UpdateSpannConfiguration> spann;
  std::optional<EmbeddingFunctionConfiguration> embedding_function;
  UnknownKeys unknown;

  friend bool operator==(const UpdateCollectionConfiguration&,
                         const UpdateCollectionConfiguration&) = default;
};

}  // namespace chroma
