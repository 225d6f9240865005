#pragma once

/// @file
/// `AddRequest`, `UpsertRequest` and `UpdateRequest`.

#include <chroma/column.hpp>
#include <chroma/embeddings.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>

#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chroma {

namespace detail {

/// Setters and getters that `AddRequest`, `UpsertRequest` and `UpdateRequest` share. A setter replaces the
/// earlier value and returns the request itself; on a temporary it returns it by move.
template <class Derived, class Map>
class WriteRequest {
 public:
  using Ids = std::vector<std::string>;

  /// One id for each record. No id may be empty, and each may occur once.
  Derived& ids(Ids ids) & { return set(ids_, std::move(ids)); }
  Derived ids(Ids ids) && { return std::move(set(ids_, std::move(ids))); }
  /// The same from separate arguments: `ids("a", "b")`.
  template <Text... Texts>
  requires(sizeof...(Texts) > 0) Derived& ids(const Texts&... ids) & { return set(ids_, make_texts(ids...)); }
  template <Text... Texts>
  requires(sizeof...(Texts) > 0) Derived ids(const Texts&... ids) && {
    return std::move(set(ids_, make_texts(ids...)));
  }
  [[nodiscard]] const Ids& ids() const noexcept { return ids_; }

  /// One row for each record, with as many components as the other embeddings of the collection. Only in an
  /// update may rows be missing.
  Derived& embeddings(std::optional<Embeddings> embeddings) & {
    return set(embeddings_, std::move(embeddings));
  }
  Derived embeddings(std::optional<Embeddings> embeddings) && {
    return std::move(set(embeddings_, std::move(embeddings)));
  }
  /// The same from a braced list: `{{0.1f, 0.2f}, std::nullopt}`.
  Derived& embeddings(std::initializer_list<EmbeddingRow> rows) & {
    return set(embeddings_, Embeddings(rows));
  }
  Derived embeddings(std::initializer_list<EmbeddingRow> rows) && {
    return std::move(set(embeddings_, Embeddings(rows)));
  }
  [[nodiscard]] const std::optional<Embeddings>& embeddings() const noexcept { return embeddings_; }

  /// One entry for each record, which may be unset.
  Derived& documents(Column<std::string> documents) & { return set(documents_, std::move(documents).rows()); }
  Derived documents(Column<std::string> documents) && {
    return std::move(set(documents_, std::move(documents).rows()));
  }
  /// The same from separate arguments, one for each record: `documents("a", "b")`.
  template <Text... Texts>
  requires(sizeof...(Texts) > 0) Derived& documents(const Texts&... documents) & {
    return this->documents(make_texts(documents...));
  }
  template <Text... Texts>
  requires(sizeof...(Texts) > 0) Derived documents(const Texts&... documents) && {
    return std::move(this->documents(make_texts(documents...)));
  }
  [[nodiscard]] const std::optional<std::vector<std::optional<std::string>>>& documents() const noexcept {
    return documents_;
  }

  /// One entry for each record, which may be unset. The server accepts any text.
  Derived& uris(Column<std::string> uris) & { return set(uris_, std::move(uris).rows()); }
  Derived uris(Column<std::string> uris) && { return std::move(set(uris_, std::move(uris).rows())); }
  /// The same from separate arguments, one for each record: `uris("a", "b")`.
  template <Text... Texts>
  requires(sizeof...(Texts) > 0) Derived& uris(const Texts&... uris) & {
    return this->uris(make_texts(uris...));
  }
  template <Text... Texts>
  requires(sizeof...(Texts) > 0) Derived uris(const Texts&... uris) && {
    return std::move(this->uris(make_texts(uris...)));
  }
  [[nodiscard]] const std::optional<std::vector<std::optional<std::string>>>& uris() const noexcept {
    return uris_;
  }

  /// One entry for each record, which may be unset.
  Derived& metadatas(Column<Map> metadatas) & { return set(metadatas_, std::move(metadatas).rows()); }
  Derived metadatas(Column<Map> metadatas) && {
    return std::move(set(metadatas_, std::move(metadatas).rows()));
  }
  [[nodiscard]] const std::optional<std::vector<std::optional<Map>>>& metadatas() const noexcept {
    return metadatas_;
  }

  friend bool operator==(const WriteRequest&, const WriteRequest&) = default;

 protected:
  WriteRequest() = default;
  explicit WriteRequest(Ids ids, std::optional<Embeddings> embeddings = std::nullopt)
      : ids_(std::move(ids)), embeddings_(std::move(embeddings)) {}

 private:
  template <class>
  friend struct Description;

  template <class Member, class Value>
  Derived& set(Member& member, Value&& value) {
    member = std::forward<Value>(value);
    return static_cast<Derived&>(*this);
  }

  Ids ids_;
  std::optional<Embeddings> embeddings_;
  std::optional<std::vector<std::optional<std::string>>> documents_;
  std::optional<std::vector<std::optional<std::string>>> uris_;
  std::optional<std::vector<std::optional<Map>>> metadatas_;
};

}  // namespace detail

/// The request of `ChromaCollection::add`: new records. The server silently ignores a record whose id exists.
/// `AddRequest(ids, embeddings).documents(texts).metadatas(maps)`
class CHROMA_API AddRequest : public detail::WriteRequest<AddRequest, Metadata> {
 public:
  /// No records; the operation refuses this.
  AddRequest() = default;
  /// Records without embeddings, for a collection whose embedding function computes them from documents.
  explicit AddRequest(std::vector<std::string> ids) : WriteRequest(std::move(ids)) {}
  AddRequest(std::vector<std::string> ids, Embeddings embeddings)
      : WriteRequest(std::move(ids), std::move(embeddings)) {}

  /// The checks that the operation makes before it sends the request:
  /// - there are ids or embeddings; both may be empty lists, which add nothing;
  /// - each column has as many entries as there are ids; no id is empty, and each occurs once;
  /// - no row of the embeddings is missing or empty, all have the same length, and all values are finite;
  /// - no metadata key is empty or begins with `#` or `$`, sparse vectors are valid, numbers are finite;
  /// - all texts are valid UTF-8.
  /// @throws ChromaHttpClientError of kind ValidationError, which names the field and the row; of kind
  /// MissingDocumentsForEmbedding if there are neither embeddings nor a document for each record. The
  /// operation throws MissingEmbeddingFunction if there are only documents and the collection has no
  /// embedding function.
  void validate() const;

  friend bool operator==(const AddRequest&, const AddRequest&) = default;
  /// Writes a summary: `add 2 records: "a", "b"; embeddings of dimension 3, documents`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const AddRequest& request);
};

/// The request of `ChromaCollection::upsert`: adds records, or changes them if their ids exist. Parts of an
/// existing record that the request does not have keep their values. A metadata value `nullptr` deletes the
/// key. `UpsertRequest(ids, embeddings).metadatas(maps)`
class CHROMA_API UpsertRequest : public detail::WriteRequest<UpsertRequest, UpdateMetadata> {
 public:
  /// No records; the operation refuses this.
  UpsertRequest() = default;
  /// Records without embeddings, for a collection whose embedding function computes them from documents.
  explicit UpsertRequest(std::vector<std::string> ids) : WriteRequest(std::move(ids)) {}
  UpsertRequest(std::vector<std::string> ids, Embeddings embeddings)
      : WriteRequest(std::move(ids), std::move(embeddings)) {}

  /// The checks of `AddRequest::validate`.
  /// @throws ChromaHttpClientError as `AddRequest::validate` does
  void validate() const;

  friend bool operator==(const UpsertRequest&, const UpsertRequest&) = default;
  /// Writes a summary as that of `AddRequest`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const UpsertRequest& request);
};

/// The request of `ChromaCollection::update`: changes parts of existing records. The server silently ignores
/// an id that does not exist. A column that is unset, or an entry of it, does not change the record. A
/// metadata value `nullptr` deletes the key.
class CHROMA_API UpdateRequest : public detail::WriteRequest<UpdateRequest, UpdateMetadata> {
 public:
  /// No records.
  UpdateRequest() = default;
  /// Changes without embeddings.
  explicit UpdateRequest(std::vector<std::string> ids) : WriteRequest(std::move(ids)) {}
  UpdateRequest(std::vector<std::string> ids, Embeddings embeddings)
      : WriteRequest(std::move(ids), std::move(embeddings)) {}

  /// The checks of `AddRequest::validate`, except that the embeddings or rows of them may be missing, and
  /// that there may be no ids.
  /// @throws ChromaHttpClientError of kind ValidationError, which names the field and the row
  void validate() const;

  friend bool operator==(const UpdateRequest&, const UpdateRequest&) = default;
  /// Writes a summary as that of `AddRequest`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const UpdateRequest& request);
};

}  // namespace chroma
