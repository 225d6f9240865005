#pragma once

/// @file
/// A collection's configuration as servers before schemas had it, and still send it beside the schema.

#include <chroma/export.hpp>
#include <chroma/index_config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace chroma {

/// HNSW settings; servers' defaults in brackets.
struct CHROMA_API HnswConfiguration {
  HnswConfiguration() = default;

  std::optional<Space> space;                  ///< (L2)
  std::optional<std::size_t> ef_construction;  ///< Candidates while building (100).
  std::optional<std::size_t> ef_search;        ///< Candidates while searching (100).
  std::optional<std::size_t> max_neighbors;    ///< Links a node, M (16).
  std::optional<std::size_t> num_threads;      ///< Read but never written, as in the crate.
  std::optional<double> resize_factor;         ///< Growth of a full index (1.2).
  std::optional<std::size_t> sync_threshold;   ///< Records before the index is written out (1000).
  std::optional<std::size_t> batch_size;       ///< Read but never written, as in the crate (100).
  UnknownKeys unknown;

  friend bool operator==(const HnswConfiguration&, const HnswConfiguration&) = default;
};

/// SPANN settings; servers' defaults in brackets.
struct CHROMA_API SpannConfiguration {
  SpannConfiguration() = default;

  std::optional<std::uint32_t> search_nprobe;            ///< Clusters looked into by a search (64).
  std::optional<std::uint32_t> write_nprobe;             ///< Clusters looked into by a write (32).
  std::optional<Space> space;                            ///< (L2)
  std::optional<std::size_t> ef_construction;            ///< (200)
  std::optional<std::size_t> ef_search;                  ///< (200)
  std::optional<std::size_t> max_neighbors;              ///< (64)
  std::optional<std::uint32_t> reassign_neighbor_count;  ///< (64)
  std::optional<std::uint32_t> split_threshold;          ///< Size at which a cluster splits (50).
  std::optional<std::uint32_t> merge_threshold;          ///< Size at which clusters merge (25).
  UnknownKeys unknown;

  friend bool operator==(const SpannConfiguration&, const SpannConfiguration&) = default;
};

/// A collection's index settings. A server sends exactly one of `hnsw` and `spann`.
struct CHROMA_API CollectionConfiguration {
  CollectionConfiguration() = default;
  /// HNSW with the default of every setting: what `{}` in an answer stands for.
  [[nodiscard]] static CollectionConfiguration default_hnsw();

  std::optional<HnswConfiguration> hnsw;
  std::optional<SpannConfiguration> spann;
  std::optional<EmbeddingFunctionConfiguration> embedding_function;
  UnknownKeys unknown;

  friend bool operator==(const CollectionConfiguration&, const CollectionConfiguration&) = default;
};

/// What of HNSW can be changed later.
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

/// What of SPANN can be changed later.
struct CHROMA_API UpdateSpannConfiguration {
  UpdateSpannConfiguration() = default;

  std::optional<std::uint32_t> search_nprobe;
  std::optional<std::size_t> ef_search;
  UnknownKeys unknown;

  friend bool operator==(const UpdateSpannConfiguration&, const UpdateSpannConfiguration&) = default;
};

/// Changes to a collection's configuration, at most one of `hnsw` and `spann`.
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
