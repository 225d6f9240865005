#pragma once

/// @file
/// `Schema`: the indexes of a collection by key and type of value.

#include <chroma/export.hpp>
#include <chroma/index_config.hpp>

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace chroma {

/// An index: whether it is enabled, and its settings.
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

/// The indexes of one key, or the defaults of all keys. For an unset member the server uses its defaults.
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

/// A customer-managed encryption key, with which the server encrypts a collection.
class CHROMA_API Cmek {
 public:
  /// The provider of the key. More may be added: write a default in a `switch` over this type.
  enum class Provider : std::uint8_t {
    Gcp,    ///< Google Cloud.
    Other,  ///< A provider that this version of the library does not know.
  };

  /// A key of Google Cloud with an empty resource name, to be assigned to.
  Cmek() = default;
  /// A key of Google Cloud.
  /// @param resource the resource name, of the form `projects/P/locations/L/keyRings/R/cryptoKeys/K`
  [[nodiscard]] static Cmek gcp(std::string resource);
  /// A key of provider `Other`: all members that a newer server sent.
  [[nodiscard]] static Cmek other(UnknownKeys keys);

  [[nodiscard]] Provider provider() const noexcept { return provider_; }
  /// The resource name; empty for provider `Other`.
  [[nodiscard]] const std::string& resource() const noexcept { return resource_; }
  /// True if the resource name has the form that `gcp` documents. The server refuses other names;
  /// `create_collection` does not check them.
  [[nodiscard]] bool validate_pattern() const;

  /// The members of the JSON object that the library does not know; for provider `Other` all members.
  [[nodiscard]] const UnknownKeys& unknown_keys() const noexcept { return unknown_; }
  /// Replaces the members that the library does not know.
  void set_unknown_keys(UnknownKeys keys) { unknown_ = std::move(keys); }

  friend bool operator==(const Cmek&, const Cmek&) = default;
  /// Writes for example "gcp:projects/...".
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Cmek& cmek);

 private:
  Provider provider_ = Provider::Gcp;
  UnknownKeys unknown_;
  std::string resource_;
};

/// The indexes of a collection. A default-constructed schema has the defaults of the Rust crate;
/// `create_index` and `delete_index` change one index at a time and return the schema itself:
///
///     chroma::Schema schema;
///     schema.create_index("sparse", chroma::SparseVectorIndexConfig()).delete_index(std::nullopt, ...);
///
/// Distinct objects may be used from different threads at the same time, a const object from several.
class CHROMA_API Schema {
 public:
  /// The type of vector index of `new_default`.
  enum class VectorIndexKind : std::uint8_t { Hnsw, Spann };

  /// The default of the Rust crate: metadata of type string, integer, float and bool is indexed, `#document`
  /// has an index for full-text search, and `#embedding` has a vector index, whose embedding function is of
  /// type `Legacy`.
  Schema();
  /// The default in the form in which servers report it: all settings of the vector index are set, except
  /// `num_threads`, whose default depends on the server.
  [[nodiscard]] static Schema new_default(VectorIndexKind kind);
  /// `new_default(VectorIndexKind::Spann)` with this embedding function.
  [[nodiscard]] static Schema default_with_embedding_function(EmbeddingFunctionConfiguration function);
  /// A schema without indexes, to be filled in.
  [[nodiscard]] static Schema empty();

  /// Enables an index and sets its settings.
  /// @param key a metadata key; `#document` for full-text search; unset for the defaults of all keys
  /// @throws ChromaHttpClientError of kind SchemaBuilderError if the server does not support the index: a
  /// vector index needs an unset key, an index for full-text search the key `#document`, and an index of
  /// sparse vectors a metadata key, of which a collection can have one
  Schema& create_index(std::optional<std::string> key, IndexConfig config) &;
  Schema create_index(std::optional<std::string> key, IndexConfig config) &&;
  /// Disables an index.
  /// @throws ChromaHttpClientError of kind SchemaBuilderError if the index cannot be disabled: vector
  /// indexes, indexes of sparse vectors, and those of reserved keys other than full-text search on
  /// `#document`
  Schema& delete_index(std::optional<std::string> key, IndexConfig config) &;
  Schema delete_index(std::optional<std::string> key, IndexConfig config) &&;
  /// Sets the distance between embeddings; the other settings of the vector index keep their values:
  /// `Schema().space(Space::Cosine)`.
  Schema& space(Space distance) &;
  Schema space(Space distance) &&;
  /// Sets the key with which the server encrypts the collection.
  Schema& with_cmek(Cmek cmek) &;
  Schema with_cmek(Cmek cmek) &&;

  /// The checks that `create_collection` makes before it sends the request: all names and texts are valid
  /// UTF-8, all numbers are finite, and the members `unknown` hold JSON under names that the object does not
  /// have otherwise. The server checks which indexes can be combined.
  /// @throws ChromaHttpClientError of kind ValidationError, whose field is a path such as
  /// `schema.keys["words"].sparse_vector.sparse_vector_index.config.source_key`
  void validate() const;

  /// True if a key has an enabled index of sparse vectors.
  [[nodiscard]] bool is_sparse_index_enabled() const;
  /// True if full-text search is enabled for `#document`, by its own entry or by the defaults, or if neither
  /// says anything about it.
  [[nodiscard]] bool is_fts_enabled() const;

  ValueTypes defaults;                     ///< Indexes of keys without an entry in `keys`.
  std::map<std::string, ValueTypes> keys;  ///< Indexes by metadata key, `#document` or `#embedding`.
  std::optional<Cmek> cmek;                ///< The key that encrypts the collection.
  /// Set by servers only; the server refuses it from clients.
  std::optional<std::string> source_attached_function_id;
  UnknownKeys unknown;  ///< Members of the JSON object that this version does not know.

  friend bool operator==(const Schema&, const Schema&) = default;
  /// Writes the enabled indexes of each key on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Schema& schema);

 private:
  explicit Schema(VectorIndexConfig vector, SparseVectorIndexConfig sparse);
};

}  // namespace chroma
