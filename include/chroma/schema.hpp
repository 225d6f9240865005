#pragma once

/// @file
/// `Schema`: which indexes a collection has, for which keys and types of values.

#include <chroma/export.hpp>
#include <chroma/index_config.hpp>

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace chroma {

/// One index: whether it is on, and its settings.
template <class Config>
struct Index {
  Index() = default;
  Index(bool on, Config settings) : enabled(on), config(std::move(settings)) {}

  bool enabled = false;
  Config config;
  UnknownKeys unknown;

  friend bool operator==(const Index&, const Index&) = default;
};

/// Indexes of strings.
struct CHROMA_API StringValueType {
  StringValueType() = default;
  std::optional<Index<FtsIndexConfig>> fts_index;
  std::optional<Index<StringInvertedIndexConfig>> string_inverted_index;
  UnknownKeys unknown;
  friend bool operator==(const StringValueType&, const StringValueType&) = default;
};

/// Index of embeddings.
struct CHROMA_API FloatListValueType {
  FloatListValueType() = default;
  std::optional<Index<VectorIndexConfig>> vector_index;
  UnknownKeys unknown;
  friend bool operator==(const FloatListValueType&, const FloatListValueType&) = default;
};

/// Index of sparse vectors.
struct CHROMA_API SparseVectorValueType {
  SparseVectorValueType() = default;
  std::optional<Index<SparseVectorIndexConfig>> sparse_vector_index;
  UnknownKeys unknown;
  friend bool operator==(const SparseVectorValueType&, const SparseVectorValueType&) = default;
};

/// Index of integers.
struct CHROMA_API IntValueType {
  IntValueType() = default;
  std::optional<Index<IntInvertedIndexConfig>> int_inverted_index;
  UnknownKeys unknown;
  friend bool operator==(const IntValueType&, const IntValueType&) = default;
};

/// Index of floats.
struct CHROMA_API FloatValueType {
  FloatValueType() = default;
  std::optional<Index<FloatInvertedIndexConfig>> float_inverted_index;
  UnknownKeys unknown;
  friend bool operator==(const FloatValueType&, const FloatValueType&) = default;
};

/// Index of bools.
struct CHROMA_API BoolValueType {
  BoolValueType() = default;
  std::optional<Index<BoolInvertedIndexConfig>> bool_inverted_index;
  UnknownKeys unknown;
  friend bool operator==(const BoolValueType&, const BoolValueType&) = default;
};

/// The indexes of one key, or of all keys by default; an unset member leaves them to the server.
struct CHROMA_API ValueTypes {
  ValueTypes() = default;

  std::optional<StringValueType> string;
  std::optional<FloatListValueType> float_list;
  std::optional<SparseVectorValueType> sparse_vector;
  std::optional<IntValueType> int_;
  std::optional<FloatValueType> float_;
  std::optional<BoolValueType> bool_;
  UnknownKeys unknown;

  friend bool operator==(const ValueTypes&, const ValueTypes&) = default;
};

/// A key of the customer's own that encrypts a collection.
class CHROMA_API Cmek {
 public:
  enum class Provider : std::uint8_t { Gcp, Other };

  Cmek() = default;
  /// A key of Google Cloud: `projects/P/locations/L/keyRings/R/cryptoKeys/K`.
  [[nodiscard]] static Cmek gcp(std::string resource);
  /// A key of a provider that this version does not know, as a newer server sent it.
  [[nodiscard]] static Cmek other(UnknownKeys keys);

  [[nodiscard]] Provider provider() const noexcept { return provider_; }
  /// The resource's name; empty for a provider that is not known.
  [[nodiscard]] const std::string& resource() const noexcept { return resource_; }
  /// True if the name has the form above. The server refuses any other; `create_collection` leaves that to
  /// it.
  [[nodiscard]] bool validate_pattern() const;

  /// What the server sent besides; for another provider all that it sent.
  [[nodiscard]] const UnknownKeys& unknown_keys() const noexcept { return unknown_; }
  void set_unknown_keys(UnknownKeys keys) { unknown_ = std::move(keys); }

  friend bool operator==(const Cmek&, const Cmek&) = default;
  /// For example "gcp:projects/...".
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Cmek& cmek);

 private:
  Provider provider_ = Provider::Gcp;
  UnknownKeys unknown_;
  std::string resource_;
};

/// What a collection indexes. A schema begins with the server's defaults; `create_index` and `delete_index`
/// change it, one index at a time, and hand back the schema itself:
///
///     chroma::Schema schema;
///     schema.create_index("sparse", chroma::SparseVectorIndexConfig()).delete_index(std::nullopt, ...);
///
/// Distinct objects may be used from any thread.
class CHROMA_API Schema {
 public:
  /// Which kind of vector index `new_default` describes.
  enum class VectorIndexKind : std::uint8_t { Hnsw, Spann };

  /// The crate's default: strings, integers, floats and bools indexed, full text on `#document`, the vector
  /// index on `#embedding` with the embedding function marked as legacy.
  Schema();
  /// The form in which a server reports its default: every setting of the index spelled out, but
  /// `num_threads`, which is the server's affair.
  [[nodiscard]] static Schema new_default(VectorIndexKind kind);
  /// The SPANN form with this embedding function.
  [[nodiscard]] static Schema default_with_embedding_function(EmbeddingFunctionConfiguration function);
  /// Without any index; for values read from elsewhere.
  [[nodiscard]] static Schema empty();

  /// Turns an index on. @param key a metadata key, `#document` for full text, unset for the defaults of all
  /// keys
  /// @throws ChromaHttpClientError with SchemaBuilderError where the server has no such index: a vector index
  /// is configured with an unset key, full text on `#document` alone, a sparse index on one key of the
  /// collection
  Schema& create_index(std::optional<std::string> key, IndexConfig config) &;
  Schema create_index(std::optional<std::string> key, IndexConfig config) &&;
  /// Turns an index off. Vector and sparse indexes stay.
  /// @throws ChromaHttpClientError with SchemaBuilderError
  Schema& delete_index(std::optional<std::string> key, IndexConfig config) &;
  Schema delete_index(std::optional<std::string> key, IndexConfig config) &&;
  /// Encrypts the collection with this key.
  Schema& with_cmek(Cmek cmek) &;
  Schema with_cmek(Cmek cmek) &&;

  /// What `create_collection` checks before it sends: names and texts are UTF-8, numbers are finite, and what
  /// the members `unknown` hold is JSON and not there twice. Which indexes go together is the server's to
  /// say.
  /// @throws ChromaHttpClientError with a `ValidationError` that names the place, for example
  /// `schema.keys["words"].sparse_vector.sparse_vector_index.config.source_key`
  void validate() const;

  /// True if some key has an enabled sparse index.
  [[nodiscard]] bool is_sparse_index_enabled() const;
  /// True unless full text is turned off.
  [[nodiscard]] bool is_fts_enabled() const;

  ValueTypes defaults;                     ///< For keys without an entry of their own.
  std::map<std::string, ValueTypes> keys;  ///< By metadata key, `#document` or `#embedding`.
  std::optional<Cmek> cmek;
  std::optional<std::string> source_attached_function_id;  ///< Only servers set it.
  UnknownKeys unknown;

  friend bool operator==(const Schema&, const Schema&) = default;
  /// The indexes that are on, in a few words.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Schema& schema);

 private:
  explicit Schema(VectorIndexConfig vector, SparseVectorIndexConfig sparse);
};

}  // namespace chroma
