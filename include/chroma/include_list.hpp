#pragma once

/// @file
/// `IncludeList`: the columns that a `get` or a `query` returns.

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

// GCC warns that the enumerator `Metadata` shadows the type of that name.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

/// A column of a response. The ids are always part of a response. More columns may be added: write a default
/// in a `switch` over this type.
enum class Include {
  Distance,   ///< "distances"; has an effect in `query` only.
  Document,   ///< "documents"
  Embedding,  ///< "embeddings"
  Metadata,   ///< "metadatas"
  Uri,        ///< "uris"
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/// The name of the column in requests and responses, for example "documents".
[[nodiscard]] CHROMA_API const char* to_string(Include include) noexcept;
/// The column of that name; unset if there is none.
[[nodiscard]] CHROMA_API std::optional<Include> find_include(std::string_view name) noexcept;
/// Writes `to_string(include)`.
CHROMA_API std::ostream& operator<<(std::ostream& out, Include include);

/// A list of columns. Requests send it without duplicates, see `without_duplicates`.
class CHROMA_API IncludeList {
 public:
  /// An empty list: the ids only.
  IncludeList() = default;
  /// These columns.
  IncludeList(std::vector<Include> items) : items_(std::move(items)) {}
  /// The same as a braced list: `IncludeList({Include::Uri, Include::Document})`.
  IncludeList(std::initializer_list<Include> items) : items_(items) {}

  /// An empty list: the ids only.
  [[nodiscard]] static IncludeList empty();
  /// Documents, metadatas, distances, embeddings, uris.
  [[nodiscard]] static IncludeList all();
  /// The default of a `get`: documents, metadatas.
  [[nodiscard]] static IncludeList default_get();
  /// The default of a `query`: documents, metadatas, distances.
  [[nodiscard]] static IncludeList default_query();

  /// Parses names as `to_string` returns them; "data" is another name of metadatas.
  /// @throws ChromaHttpClientError of kind ValidationError for any other text: "Invalid include value: foo"
  [[nodiscard]] static IncludeList parse(std::span<const std::string> names);
  /// The same from a braced list: `parse({"documents", "uris"})`.
  [[nodiscard]] static IncludeList parse(std::initializer_list<std::string_view> names);
  /// Parses such names from a text in which commas separate them. Spaces, tabs and line ends around a name
  /// are ignored. An empty text, or one that has nothing else, gives the empty list.
  /// @throws ChromaHttpClientError of kind ValidationError for any other text: "Invalid include value: foo"
  [[nodiscard]] static IncludeList parse(std::string_view text);

  /// The columns in their order, duplicates included.
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
  /// A copy in which each column occurs once, in the order of the first occurrences. Requests send this.
  [[nodiscard]] IncludeList without_duplicates() const;

  friend bool operator==(const IncludeList&, const IncludeList&) = default;
  /// Writes the list as JSON: `["documents","metadatas"]`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const IncludeList& list);

 private:
  std::vector<Include> items_;
};

}  // namespace chroma
