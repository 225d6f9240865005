#pragma once

/// @file
/// Indexes of a collection and their settings, as parts of a `Schema`.

#include <chroma/export.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace chroma {

/// Keys that this version does not know, as a newer server sent them: name to JSON text. They are written
/// back as they came.
using UnknownKeys = std::map<std::string, std::string>;

/// How distances between embeddings are measured.
enum class Space : std::uint8_t { L2, Cosine, Ip };

/// "l2", "cosine" or "ip".
[[nodiscard]] CHROMA_API const char* to_string(Space space) noexcept;
CHROMA_API std::ostream& operator<<(std::ostream& out, Space space);

/// How vectors of a SPANN index are compressed. Only the server sets it.
enum class Quantization : std::uint8_t { Unquantized, FourBitRabitQWithUSearch };

/// Which function makes a collection's embeddings.
class CHROMA_API EmbeddingFunctionConfiguration {
 public:
  /// `Other` is a type that this version does not know.
  enum class Type : std::uint8_t { Legacy, Unknown, Known, Other };

  /// The same as `unknown()`.
  EmbeddingFunctionConfiguration() = default;
  /// Made before functions were recorded.
  [[nodiscard]] static EmbeddingFunctionConfiguration legacy();
  /// None that the server knows of.
  [[nodiscard]] static EmbeddingFunctionConfiguration unknown();
  /// A function by name. @param config_json its settings, any JSON text
  /// @throws ChromaHttpClientError with SerdeError if `config_json` is not JSON
  [[nodiscard]] static EmbeddingFunctionConfiguration known(std::string name, std::string config_json);

  /// A function of a type that this version does not know, as a newer server sent it, key `type` included.
  [[nodiscard]] static EmbeddingFunctionConfiguration other(UnknownKeys keys);

  [[nodiscard]] Type type() const noexcept { return type_; }
  /// Empty unless known.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// JSON text; empty unless known.
  [[nodiscard]] const std::string& config() const noexcept { return config_; }

  /// What the server sent besides; for `Type::Other` all that it sent.
  [[nodiscard]] const UnknownKeys& unknown_keys() const noexcept { return unknown_; }
  void set_unknown_keys(UnknownKeys keys) { unknown_ = std::move(keys); }

  friend bool operator==(const EmbeddingFunctionConfiguration&,
                         const EmbeddingFunctionConfiguration&) = default;
  /// The type, or the name of a known one.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out,
                                             const EmbeddingFunctionConfiguration& function);

 private:
  Type type_ = Type::Unknown;
  std::string name_;
  std::string config_;
  UnknownKeys unknown_;
};

/// HNSW settings of a vector index; unset members are left to the server.
struct CHROMA_API HnswIndexConfig {
  HnswIndexConfig() = default;

  std::optional<std::size_t> ef_construction;  ///< Candidates while building (server: 100).
  std::optional<std::size_t> max_neighbors;    ///< Links a node, M (16).
  std::optional<std::size_t> ef_search;        ///< Candidates while searching (100).
  std::optional<std::size_t> num_threads;      ///< Threads that build (the server's processors).
  std::optional<std::size_t> batch_size;       ///< Records held before they are indexed, at least 2 (100).
  std::optional<std::size_t> sync_threshold;  ///< Records before the index is written out, at least 2 (1000).
  std::optional<double> resize_factor;        ///< Growth of a full index (1.2).
  UnknownKeys unknown;

  friend bool operator==(const HnswIndexConfig&, const HnswIndexConfig&) = default;
};

/// SPANN settings of a vector index; unset members are left to the server, whose values are in brackets.
struct CHROMA_API SpannIndexConfig {
  SpannIndexConfig() = default;

  std::optional<std::uint32_t> search_nprobe;            ///< Clusters looked into by a search (64).
  std::optional<float> search_rng_factor;                ///< (1.0)
  std::optional<float> search_rng_epsilon;               ///< (10.0)
  std::optional<std::uint32_t> nreplica_count;           ///< Clusters that a vector may be in (8).
  std::optional<float> write_rng_factor;                 ///< (1.0)
  std::optional<float> write_rng_epsilon;                ///< (5.0)
  std::optional<std::uint32_t> split_threshold;          ///< Size at which a cluster splits (50).
  std::optional<std::size_t> num_samples_kmeans;         ///< (1000)
  std::optional<float> initial_lambda;                   ///< (100.0)
  std::optional<std::uint32_t> reassign_neighbor_count;  ///< (64)
  std::optional<std::uint32_t> merge_threshold;          ///< Size at which clusters merge (25).
  std::optional<std::uint32_t> num_centers_to_merge_to;  ///< (8)
  std::optional<std::uint32_t> write_nprobe;             ///< Clusters looked into by a write (32).
  std::optional<std::size_t> ef_construction;            ///< (200)
  std::optional<std::size_t> ef_search;                  ///< (200)
  std::optional<std::size_t> max_neighbors;              ///< (64)
  std::optional<float> center_drift_threshold;           ///< (unset)
  Quantization quantize = Quantization::Unquantized;     ///< The server refuses any other from users.
  UnknownKeys unknown;

  friend bool operator==(const SpannIndexConfig&, const SpannIndexConfig&) = default;
};

/// The index of the embeddings. At most one of `hnsw` and `spann`; the server drops what it does not run.
struct CHROMA_API VectorIndexConfig {
  VectorIndexConfig() = default;

  std::optional<Space> space;                                        ///< Unset: the server's, L2.
  std::optional<EmbeddingFunctionConfiguration> embedding_function;  ///< What makes the embeddings.
  std::optional<std::string> source_key;                             ///< What they are made of; `#document`.
  std::optional<HnswIndexConfig> hnsw;
  std::optional<SpannIndexConfig> spann;
  UnknownKeys unknown;

  friend bool operator==(const VectorIndexConfig&, const VectorIndexConfig&) = default;
};

/// The index of a metadata key with sparse vectors.
struct CHROMA_API SparseVectorIndexConfig {
  SparseVectorIndexConfig() = default;

  std::optional<EmbeddingFunctionConfiguration> embedding_function;  ///< What makes the vectors.
  std::optional<std::string> source_key;  ///< What they are made of: a metadata key or `#document`.
  std::optional<bool> bm25;               ///< Weigh by BM25.
  UnknownKeys unknown;

  friend bool operator==(const SparseVectorIndexConfig&, const SparseVectorIndexConfig&) = default;
};

/// Full text and regular expressions, on `#document` alone.
struct CHROMA_API FtsIndexConfig {
  FtsIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const FtsIndexConfig&, const FtsIndexConfig&) = default;
};

/// Metadata of type string.
struct CHROMA_API StringInvertedIndexConfig {
  StringInvertedIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const StringInvertedIndexConfig&, const StringInvertedIndexConfig&) = default;
};

/// Metadata of type int.
struct CHROMA_API IntInvertedIndexConfig {
  IntInvertedIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const IntInvertedIndexConfig&, const IntInvertedIndexConfig&) = default;
};

/// Metadata of type float.
struct CHROMA_API FloatInvertedIndexConfig {
  FloatInvertedIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const FloatInvertedIndexConfig&, const FloatInvertedIndexConfig&) = default;
};

/// Metadata of type bool.
struct CHROMA_API BoolInvertedIndexConfig {
  BoolInvertedIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const BoolInvertedIndexConfig&, const BoolInvertedIndexConfig&) = default;
};

/// Any index's settings: what `Schema::create_index` and `delete_index` take.
using IndexConfig =
    std::variant<VectorIndexConfig, SparseVectorIndexConfig, FtsIndexConfig, StringInvertedIndexConfig,
                 IntInvertedIndexConfig, FloatInvertedIndexConfig, BoolInvertedIndexConfig>;

}  // namespace chroma
