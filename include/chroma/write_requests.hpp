#pragma once

/// @file
/// Requests that store records: add, upsert, update.

#include <chroma/column.hpp>
#include <chroma/embeddings.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chroma {

namespace detail {

/// Setters and getters that the requests share which store records. A setter replaces what was set before;
/// it returns the request itself, by move on a temporary.
template <class Derived, class Map>
class WriteRequest {
 public:
  using Ids = std::vector<std::string>;

  /// One id a record: not empty, none twice.
  Derived& ids(Ids ids) & { return set(ids_, std::move(ids)); }
  Derived ids(Ids ids) && { return std::move(set(ids_, std::move(ids))); }
  /// The same, as texts: `ids("a", "b")`.
  template <IdText... Texts>
  requires(sizeof...(Texts) > 0) Derived& ids(const Texts&... ids) & { return set(ids_, make_ids(ids...)); }
  template <IdText... Texts>
  requires(sizeof...(Texts) > 0) Derived ids(const Texts&... ids) && {
    return std::move(set(ids_, make_ids(ids...)));
  }
  [[nodiscard]] const Ids& ids() const noexcept { return ids_; }

  /// One row a record, all of the collection's dimension. Only an update may leave rows out.
  Derived& embeddings(std::optional<Embeddings> embeddings) & {
    return set(embeddings_, std::move(embeddings));
  }
  Derived embeddings(std::optional<Embeddings> embeddings) && {
    return std::move(set(embeddings_, std::move(embeddings)));
  }
  /// The same as a braced list, `{{0.1f, 0.2f}, std::nullopt}`.
  Derived& embeddings(std::initializer_list<EmbeddingRow> rows) & {
    return set(embeddings_, Embeddings(rows));
  }
  Derived embeddings(std::initializer_list<EmbeddingRow> rows) && {
    return std::move(set(embeddings_, Embeddings(rows)));
  }
  [[nodiscard]] const std::optional<Embeddings>& embeddings() const noexcept { return embeddings_; }

  /// One text a record, or a gap.
  Derived& documents(Column<std::string> documents) & { return set(documents_, std::move(documents).rows()); }
  Derived documents(Column<std::string> documents) && {
    return std::move(set(documents_, std::move(documents).rows()));
  }
  [[nodiscard]] const std::optional<std::vector<std::optional<std::string>>>& documents() const noexcept {
    return documents_;
  }

  /// One URI a record, or a gap. Any text: the server does not look into it.
  Derived& uris(Column<std::string> uris) & { return set(uris_, std::move(uris).rows()); }
  Derived uris(Column<std::string> uris) && { return std::move(set(uris_, std::move(uris).rows())); }
  [[nodiscard]] const std::optional<std::vector<std::optional<std::string>>>& uris() const noexcept {
    return uris_;
  }

  /// One map a record, or a gap.
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

/// Stores new records; the server leaves a record alone whose id exists:
/// `AddRequest(ids, embeddings).documents(texts).metadatas(maps)`.
class CHROMA_API AddRequest : public detail::WriteRequest<AddRequest, Metadata> {
 public:
  AddRequest() = default;
  /// Without embeddings, for a collection that computes them from the documents.
  explicit AddRequest(std::vector<std::string> ids) : WriteRequest(std::move(ids)) {}
  AddRequest(std::vector<std::string> ids, Embeddings embeddings)
      : WriteRequest(std::move(ids), std::move(embeddings)) {}

  /// What the operation checks before it sends: as many rows in every column as ids; ids neither empty nor
  /// twice; embeddings there, of one length, not empty, without NaN and infinities; metadata keys not empty
  /// and without a leading `#` or `$`, sparse vectors valid, numbers finite; texts in UTF-8.
  /// @throws ChromaHttpClientError with a `ValidationError` that names field and row; with
  ///     `MissingDocumentsForEmbedding` if there are neither embeddings nor a document for each record. The
  ///     operation throws `MissingEmbeddingFunction` if there are documents alone and the collection has no
  ///     embedding function.
  void validate() const;

  friend bool operator==(const AddRequest&, const AddRequest&) = default;
};

/// Stores records, new or not; what a record has and the request does not name stays:
/// `UpsertRequest(ids, embeddings).metadatas(maps)`. A metadata value `nullptr` deletes the key.
class CHROMA_API UpsertRequest : public detail::WriteRequest<UpsertRequest, UpdateMetadata> {
 public:
  UpsertRequest() = default;
  /// Without embeddings, for a collection that computes them from the documents.
  explicit UpsertRequest(std::vector<std::string> ids) : WriteRequest(std::move(ids)) {}
  UpsertRequest(std::vector<std::string> ids, Embeddings embeddings)
      : WriteRequest(std::move(ids), std::move(embeddings)) {}

  /// The checks of `AddRequest::validate`.
  /// @throws ChromaHttpClientError as there
  void validate() const;

  friend bool operator==(const UpsertRequest&, const UpsertRequest&) = default;
};

/// Changes parts of existing records; the server ignores ids that do not exist. What is left out, a column or
/// a row of it, stays as it is. A metadata value `nullptr` deletes the key.
class CHROMA_API UpdateRequest : public detail::WriteRequest<UpdateRequest, UpdateMetadata> {
 public:
  UpdateRequest() = default;
  explicit UpdateRequest(std::vector<std::string> ids) : WriteRequest(std::move(ids)) {}
  UpdateRequest(std::vector<std::string> ids, Embeddings embeddings)
      : WriteRequest(std::move(ids), std::move(embeddings)) {}

  /// The checks of `AddRequest::validate`, but embeddings may be missing, whole or by row.
  /// @throws ChromaHttpClientError with a `ValidationError` that names field and row
  void validate() const;

  friend bool operator==(const UpdateRequest&, const UpdateRequest&) = default;
};

}  // namespace chroma
