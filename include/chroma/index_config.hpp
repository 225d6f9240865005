#pragma once

/// @file
/// The settings of the indexes of a collection, which are parts of a `Schema`.

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

/// Members of a JSON object that this version of the library does not know, because a newer server sent them:
/// the name and the value as JSON text. They are written back unchanged.
using UnknownKeys = std::map<std::string, std::string>;

/// The distance between embeddings. More may be added: write a default in a `switch` over this type.
enum class Space : std::uint8_t {
  L2,      ///< Squared Euclidean distance.
  Cosine,  ///< 1 minus the cosine of the angle.
  Ip,      ///< 1 minus the inner product.
};

/// "l2", "cosine" or "ip", as in requests and responses.
[[nodiscard]] CHROMA_API const char* to_string(Space space) noexcept;
/// Writes `to_string(space)`.
CHROMA_API std::ostream& operator<<(std::ostream& out, Space space);

/// How the vectors of a SPANN index are compressed. Only servers set it. More may be added: write a default
/// in a `switch` over this type.
enum class Quantization : std::uint8_t {
  Unquantized,               ///< "none"
  FourBitRabitQWithUSearch,  ///< "four_bit_rabit_q_with_u_search"
};

/// Describes the function that computes the embeddings of a collection, so that clients can build it again.
class CHROMA_API EmbeddingFunctionConfiguration {
 public:
  /// The member `type` of the JSON object. More may be added: write a default in a `switch` over this type.
  enum class Type : std::uint8_t {
    Legacy,   ///< The collection is older than the recording of functions.
    Unknown,  ///< No function is recorded.
    Known,    ///< A function with a name and settings.
    Other,    ///< A type that this version of the library does not know.
  };

  /// The same as `unknown()`.
  EmbeddingFunctionConfiguration() = default;
  /// Type `Legacy`: the collection is older than the recording of functions.
  [[nodiscard]] static EmbeddingFunctionConfiguration legacy();
  /// Type `Unknown`: no function is recorded.
  [[nodiscard]] static EmbeddingFunctionConfiguration unknown();
  /// Type `Known`: a function with a name and settings.
  /// @param config_json the settings, as any JSON text
  /// @throws ChromaHttpClientError of kind SerdeError if `config_json` is not JSON
  [[nodiscard]] static EmbeddingFunctionConfiguration known(std::string name, std::string config_json);

  /// Type `Other`: all members that a newer server sent, including `type`.
  [[nodiscard]] static EmbeddingFunctionConfiguration other(UnknownKeys keys);

  [[nodiscard]] Type type() const noexcept { return type_; }
  /// The name of the function; empty unless the type is `Known`.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The settings of the function as JSON text; empty unless the type is `Known`.
  [[nodiscard]] const std::string& config() const noexcept { return config_; }

  /// The members that the library does not know; for type `Other` all members.
  [[nodiscard]] const UnknownKeys& unknown_keys() const noexcept { return unknown_; }
  /// Replaces the members that the library does not know.
  void set_unknown_keys(UnknownKeys keys) { unknown_ = std::move(keys); }

  friend bool operator==(const EmbeddingFunctionConfiguration&,
                         const EmbeddingFunctionConfiguration&) = default;
  /// Writes the type, or the name of the function if the type is `Known`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out,
                                             const EmbeddingFunctionConfiguration& function);

 private:
  Type type_ = Type::Unknown;
  std::string name_;
  std::string config_;
  UnknownKeys unknown_;
};

/// Settings of a vector index of type HNSW. For an unset member the server uses its default, which is given
/// in parentheses.
struct CHROMA_API HnswIndexConfig {
  HnswIndexConfig() = default;

  std::optional<std::size_t> ef_construction;  ///< Candidates that are kept while a record is inserted (100).
  std::optional<std::size_t> max_neighbors;    ///< Links of each node, known as M (16).
  std::optional<std::size_t> ef_search;        ///< Candidates that are kept during a search (100).
  std::optional<std::size_t> num_threads;      ///< Threads (the number of processors of the server).
  /// Records that are collected before they are indexed; at least 2 (100).
  std::optional<std::size_t> batch_size;
  /// Records after which the index is written to disk; at least 2 (1000).
  std::optional<std::size_t> sync_threshold;
  std::optional<double> resize_factor;  ///< Factor by which a full index grows (1.2).
  UnknownKeys unknown;                  ///< Members of the JSON object that this version does not know.

  friend bool operator==(const HnswIndexConfig&, const HnswIndexConfig&) = default;
};

/// Settings of a vector index of type SPANN. For an unset member the server uses its default, which is given
/// in parentheses, and it refuses values outside the range after it.
struct CHROMA_API SpannIndexConfig {
  SpannIndexConfig() = default;

  std::optional<std::uint32_t> search_nprobe;   ///< Clusters that a search examines (64; at most 128).
  std::optional<float> search_rng_factor;       ///< (1; fixed)
  std::optional<float> search_rng_epsilon;      ///< (10; 5 to 10)
  std::optional<std::uint32_t> nreplica_count;  ///< Clusters that a vector may be part of (8; at most 8).
  std::optional<float> write_rng_factor;        ///< (1; fixed)
  std::optional<float> write_rng_epsilon;       ///< (5; 5 to 10)
  /// Number of vectors at which a cluster splits (50; 50 to 200).
  std::optional<std::uint32_t> split_threshold;
  std::optional<std::size_t> num_samples_kmeans;         ///< (1000; at most 1000)
  std::optional<float> initial_lambda;                   ///< (100; fixed)
  std::optional<std::uint32_t> reassign_neighbor_count;  ///< (64; at most 64)
  /// Number of vectors at which clusters merge (25; 25 to 100).
  std::optional<std::uint32_t> merge_threshold;
  std::optional<std::uint32_t> num_centers_to_merge_to;  ///< (8; at most 8)
  std::optional<std::uint32_t> write_nprobe;             ///< Clusters that a write examines (32; at most 64).
  std::optional<std::size_t> ef_construction;            ///< (200; at most 200)
  std::optional<std::size_t> ef_search;                  ///< (200; at most 200)
  std::optional<std::size_t> max_neighbors;              ///< (64; at most 64)
  std::optional<float> center_drift_threshold;           ///< (unset; 0.1 to 1)
  Quantization quantize = Quantization::Unquantized;     ///< The server refuses every other value.
  UnknownKeys unknown;  ///< Members of the JSON object that this version does not know.

  friend bool operator==(const SpannIndexConfig&, const SpannIndexConfig&) = default;
};

/// Settings of the index of the embeddings. At most one of `hnsw` and `spann` may be set. A server ignores
/// the settings of the index type that it does not use.
struct CHROMA_API VectorIndexConfig {
  VectorIndexConfig() = default;

  std::optional<Space> space;  ///< Distance between embeddings; the server's default is L2.
  std::optional<EmbeddingFunctionConfiguration> embedding_function;  ///< Computes the embeddings.
  std::optional<std::string> source_key;  ///< Input of the embedding function: `#document`.
  std::optional<HnswIndexConfig> hnsw;
  std::optional<SpannIndexConfig> spann;
  UnknownKeys unknown;  ///< Members of the JSON object that this version does not know.

  friend bool operator==(const VectorIndexConfig&, const VectorIndexConfig&) = default;
};

/// Settings of the index of a metadata key whose values are sparse vectors.
struct CHROMA_API SparseVectorIndexConfig {
  SparseVectorIndexConfig() = default;

  std::optional<EmbeddingFunctionConfiguration> embedding_function;  ///< Computes the vectors.
  /// Input of the embedding function: a metadata key or `#document`. The server requires
  /// `embedding_function` with it.
  std::optional<std::string> source_key;
  std::optional<bool> bm25;  ///< True if the values are weighted by BM25.
  UnknownKeys unknown;       ///< Members of the JSON object that this version does not know.

  friend bool operator==(const SparseVectorIndexConfig&, const SparseVectorIndexConfig&) = default;
};

/// Settings of the index for full-text search and regular expressions. Only `#document` can have it.
struct CHROMA_API FtsIndexConfig {
  FtsIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const FtsIndexConfig&, const FtsIndexConfig&) = default;
};

/// Settings of the index of metadata values of type string.
struct CHROMA_API StringInvertedIndexConfig {
  StringInvertedIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const StringInvertedIndexConfig&, const StringInvertedIndexConfig&) = default;
};

/// Settings of the index of metadata values of type integer.
struct CHROMA_API IntInvertedIndexConfig {
  IntInvertedIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const IntInvertedIndexConfig&, const IntInvertedIndexConfig&) = default;
};

/// Settings of the index of metadata values of type float.
struct CHROMA_API FloatInvertedIndexConfig {
  FloatInvertedIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const FloatInvertedIndexConfig&, const FloatInvertedIndexConfig&) = default;
};

/// Settings of the index of metadata values of type bool.
struct CHROMA_API BoolInvertedIndexConfig {
  BoolInvertedIndexConfig() = default;
  UnknownKeys unknown;
  friend bool operator==(const BoolInvertedIndexConfig&, const BoolInvertedIndexConfig&) = default;
};

/// The settings of an index of any type, for `Schema::create_index` and `Schema::delete_index`. More
/// alternatives may be added: a visitor needs a generic case.
using IndexConfig =
    std::variant<VectorIndexConfig, SparseVectorIndexConfig, FtsIndexConfig, StringInvertedIndexConfig,
                 IntInvertedIndexConfig, FloatInvertedIndexConfig, BoolInvertedIndexConfig>;

}  // namespace chroma
