#pragma once

/// @file
/// `Key`: the name of a part of a record in filters, rank expressions and selections.

#include <chroma/export.hpp>
#include <chroma/metadata.hpp>
#include <chroma/where.hpp>

#include <compare>
#include <concepts>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace chroma {

/// The name of a part of a record: its document, its embedding, all of its metadata, its score, or one
/// metadata field.
///
/// Comparing a key with a value makes a filter: `Key("year") >= 1990 && Key("genre") == "crime"`. Comparing
/// it with another key compares the two names.
///
/// Distinct objects may be used from different threads at the same time, a const object from several.
class CHROMA_API Key {
 public:
  /// The part of a record. More may be added: write a default in a `switch` over this type.
  enum class Kind { Document, Embedding, AllMetadata, Score, MetadataField };

  static const Key Document;   ///< `#document`: the document of the record.
  static const Key Embedding;  ///< `#embedding`: the embedding of the record.
  static const Key Metadata;   ///< `#metadata`: all metadata of the record.
  static const Key Score;      ///< `#score`: the score that a rank expression gives the record.

  /// The texts `#document`, `#embedding`, `#metadata` and `#score` name these parts. Every other text names a
  /// metadata field, including `#id`, under which the server filters by record id in a search.
  explicit Key(std::string_view text);
  /// A metadata field, also if its name is one of the special texts.
  [[nodiscard]] static Key field(std::string name);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  /// The text in requests and responses: "#score", or the name of the field.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  /// @name Comparisons of the value of the key with one value
  /// The server accepts `gt`, `gte`, `lt` and `lte` for numbers only, and arrays in none of them.
  /// @{
  [[nodiscard]] Where eq(MetadataValue value) const;
  [[nodiscard]] Where ne(MetadataValue value) const;
  [[nodiscard]] Where gt(MetadataValue value) const;
  [[nodiscard]] Where gte(MetadataValue value) const;
  [[nodiscard]] Where lt(MetadataValue value) const;
  [[nodiscard]] Where lte(MetadataValue value) const;
  /// @}

  /// The value of the key is one of these. They are given as a vector, as a braced list, or as separate
  /// arguments: `is_in("a", "b")`. Braced lists do not compile in a statement with `co_await` on GCC 12.
  [[nodiscard]] Where is_in(WhereSet values) const;
  /// The value of the key is none of these.
  [[nodiscard]] Where not_in(WhereSet values) const;
  template <class T>
  [[nodiscard]] Where is_in(std::initializer_list<T> values) const {
    return is_in(WhereSet(std::vector<T>(values)));
  }
  template <class T>
  [[nodiscard]] Where not_in(std::initializer_list<T> values) const {
    return not_in(WhereSet(std::vector<T>(values)));
  }
  template <class... T>
  requires(sizeof...(T) > 0 && detail::WhereSetItems<T...>) [[nodiscard]] Where is_in(T... values) const {
    return is_in(WhereSet::of(values...));
  }
  template <class... T>
  requires(sizeof...(T) > 0 && detail::WhereSetItems<T...>) [[nodiscard]] Where not_in(T... values) const {
    return not_in(WhereSet::of(values...));
  }

  /// The document of the record contains the text. `contains`, `not_contains`, `regex` and `not_regex` are
  /// for `Key::Document` only; operations refuse a filter that calls them on another key. (The Rust crate
  /// sends it as a filter of the document.) For metadata fields that are arrays use `contains_value` and
  /// `not_contains_value`.
  [[nodiscard]] Where contains(std::string text) const;
  /// The document of the record does not contain the text.
  [[nodiscard]] Where not_contains(std::string text) const;
  /// The document of the record matches the regular expression, in the syntax of the Rust crate `regex`,
  /// which has neither look-around nor back-references.
  [[nodiscard]] Where regex(std::string pattern) const;
  /// The document of the record does not match the regular expression.
  [[nodiscard]] Where not_regex(std::string pattern) const;

  /// The value of the key is an array that contains the value.
  [[nodiscard]] Where contains_value(MetadataValue value) const;
  /// The value of the key is an array that does not contain the value.
  [[nodiscard]] Where not_contains_value(MetadataValue value) const;

  friend Where operator==(const Key& key, MetadataValue value) { return key.eq(std::move(value)); }
  friend Where operator!=(const Key& key, MetadataValue value) { return key.ne(std::move(value)); }
  friend Where operator>(const Key& key, MetadataValue value) { return key.gt(std::move(value)); }
  friend Where operator>=(const Key& key, MetadataValue value) { return key.gte(std::move(value)); }
  friend Where operator<(const Key& key, MetadataValue value) { return key.lt(std::move(value)); }
  friend Where operator<=(const Key& key, MetadataValue value) { return key.lte(std::move(value)); }

  /// Keys are equal if their kinds and texts are equal. The order is Document, Embedding, Metadata, Score,
  /// then fields by name.
  friend bool operator==(const Key&, const Key&) = default;
  friend std::strong_ordering operator<=>(const Key&, const Key&) = default;

  /// Writes `key.text()`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Key& key);

 private:
  Key(Kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

  Kind kind_;
  std::string text_;
};

inline const Key Key::Document(Key::Kind::Document, "#document");
inline const Key Key::Embedding(Key::Kind::Embedding, "#embedding");
inline const Key Key::Metadata(Key::Kind::AllMetadata, "#metadata");
inline const Key Key::Score(Key::Kind::Score, "#score");

}  // namespace chroma
