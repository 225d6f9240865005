#pragma once

/// @file
/// `Key`: names a part of a record in filters, ranks and selections.

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

/// A part of a record: its document, its embedding, its whole metadata, its score, or one metadata field.
/// Compared with a value it makes a filter: `Key("year") >= 1990 && Key("genre") == "crime"`. Compared with
/// another key it compares the keys.
class CHROMA_API Key {
 public:
  enum class Kind { Document, Embedding, AllMetadata, Score, MetadataField };

  static const Key Document;   ///< `#document`
  static const Key Embedding;  ///< `#embedding`
  static const Key Metadata;   ///< `#metadata`
  static const Key Score;      ///< `#score`

  /// `#document`, `#embedding`, `#metadata` and `#score` are the special keys; every other text names a
  /// metadata field, `#id` too.
  explicit Key(std::string_view text);
  /// A metadata field, whatever its name.
  [[nodiscard]] static Key field(std::string name);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  /// As on the wire: "#score", or the field's name.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  /// Comparisons of the key's value with one value.
  [[nodiscard]] Where eq(MetadataValue value) const;
  [[nodiscard]] Where ne(MetadataValue value) const;
  [[nodiscard]] Where gt(MetadataValue value) const;
  [[nodiscard]] Where gte(MetadataValue value) const;
  [[nodiscard]] Where lt(MetadataValue value) const;
  [[nodiscard]] Where lte(MetadataValue value) const;

  /// The key's value is one of these: a vector, a braced list, or the values themselves
  /// (`is_in("a", "b")`, which also compiles in an awaiting statement on GCC 12).
  [[nodiscard]] Where is_in(WhereSet values) const;
  /// The key's value is none of these.
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

  /// The record's document contains the text. These four are about the document whatever the key is, as in
  /// the crate; for array fields there are `contains_value` and `not_contains_value`.
  [[nodiscard]] Where contains(std::string text) const;
  [[nodiscard]] Where not_contains(std::string text) const;
  /// The record's document matches the pattern, in the syntax of Rust's `regex` (no look-around, no
  /// back-references).
  [[nodiscard]] Where regex(std::string pattern) const;
  [[nodiscard]] Where not_regex(std::string pattern) const;

  /// The key's array contains the value.
  [[nodiscard]] Where contains_value(MetadataValue value) const;
  [[nodiscard]] Where not_contains_value(MetadataValue value) const;

  friend Where operator==(const Key& key, MetadataValue value) { return key.eq(std::move(value)); }
  friend Where operator!=(const Key& key, MetadataValue value) { return key.ne(std::move(value)); }
  friend Where operator>(const Key& key, MetadataValue value) { return key.gt(std::move(value)); }
  friend Where operator>=(const Key& key, MetadataValue value) { return key.gte(std::move(value)); }
  friend Where operator<(const Key& key, MetadataValue value) { return key.lt(std::move(value)); }
  friend Where operator<=(const Key& key, MetadataValue value) { return key.lte(std::move(value)); }

  /// Keys are equal if their kinds and texts are; the order is Document, Embedding, Metadata, Score, then
  /// fields by name.
  friend bool operator==(const Key&, const Key&) = default;
  friend std::strong_ordering operator<=>(const Key&, const Key&) = default;

  /// The key's text.
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
