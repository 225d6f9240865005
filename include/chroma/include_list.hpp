#pragma once

/// @file
/// Which columns a `get` or a `query` answers with.

#include <chroma/export.hpp>

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chroma {

// GCC takes the enumerator `Metadata` for a shadow of the type.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

/// A column of an answer. Ids are always there.
enum class Include {
  Distance,   ///< "distances": query only.
  Document,   ///< "documents"
  Embedding,  ///< "embeddings"
  Metadata,   ///< "metadatas"
  Uri,        ///< "uris"
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/// The protocol's name, for example "documents".
[[nodiscard]] CHROMA_API const char* to_string(Include include) noexcept;
/// The column of that name; nothing for any other text.
[[nodiscard]] CHROMA_API std::optional<Include> find_include(std::string_view name) noexcept;
CHROMA_API std::ostream& operator<<(std::ostream& out, Include include);

/// A list of columns. What is named twice is sent once, in the order of the first naming.
class CHROMA_API IncludeList {
 public:
  /// No column but the ids.
  IncludeList() = default;
  /// These columns.
  IncludeList(std::vector<Include> items) : items_(std::move(items)) {}
  /// The same as a braced list: `IncludeList({Include::Uri, Include::Document})`.
  IncludeList(std::initializer_list<Include> items) : items_(items) {}

  /// No column but the ids.
  [[nodiscard]] static IncludeList empty();
  /// Documents, metadatas, distances, embeddings, uris.
  [[nodiscard]] static IncludeList all();
  /// What a `get` answers with unless told: documents, metadatas.
  [[nodiscard]] static IncludeList default_get();
  /// What a `query` answers with unless told: documents, metadatas, distances.
  [[nodiscard]] static IncludeList default_query();

  /// Reads the protocol's names and "data", which means metadatas.
  /// @throws ChromaHttpClientError with a `ValidationError`: "Invalid include value: foo"
  [[nodiscard]] static IncludeList parse(std::span<const std::string> names);
  /// The same from a braced list: `parse({"documents", "uris"})`.
  [[nodiscard]] static IncludeList parse(std::initializer_list<std::string_view> names);
  /// Reads such names with commas between them, blanks around them ignored; a blank text is the empty list.
  /// @throws ChromaHttpClientError with a `ValidationError`: "Invalid include value: foo"
  [[nodiscard]] static IncludeList parse(std::string_view text);

  [[nodiscard]] const std::vector<Include>& items() const noexcept { return items_; }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] auto begin() const noexcept { return items_.begin(); }
  [[nodiscard]] auto end() const noexcept { return items_.end(); }
  /// True if `column` is in the list.
  [[nodiscard]] bool contains(Include column) const noexcept {
    for (const Include item : items_) {
      if (item == column) return true;
    }
    return false;
  }
  /// The same without repetitions, in the order of the first naming: what is sent.
  [[nodiscard]] IncludeList without_duplicates() const;

  friend bool operator==(const IncludeList&, const IncludeList&) = default;
  /// As in a body: `["documents","metadatas"]`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const IncludeList& list);

 private:
  std::vector<Include> items_;
};

}  // namespace chroma
