#pragma once

/// @file
/// `GetRequest` and `QueryRequest`.

#include <chroma/embeddings.hpp>
#include <chroma/export.hpp>
#include <chroma/include_list.hpp>
#include <chroma/record_selection.hpp>

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chroma {

namespace detail {

/// The setter and getter of the columns, which `GetRequest` and `QueryRequest` share.
template <class Derived>
class ColumnsRequest : public RecordSelection<Derived> {
 public:
  /// The columns of the response. The ids are always part of it.
  Derived& include(IncludeList columns) & { return this->set(include_, std::move(columns)); }
  Derived include(IncludeList columns) && { return std::move(this->set(include_, std::move(columns))); }
  /// The same from separate arguments: `include(Include::Uri, Include::Document)`.
  template <std::same_as<Include>... Columns>
  requires(sizeof...(Columns) > 0) Derived& include(Columns... columns) & {
    return this->set(include_, IncludeList(std::vector<Include>{columns...}));
  }
  template <std::same_as<Include>... Columns>
  requires(sizeof...(Columns) > 0) Derived include(Columns... columns) && {
    return std::move(this->set(include_, IncludeList(std::vector<Include>{columns...})));
  }
  [[nodiscard]] const IncludeList& include() const noexcept { return include_; }

  friend bool operator==(const ColumnsRequest&, const ColumnsRequest&) = default;

 protected:
  explicit ColumnsRequest(IncludeList columns) : include_(std::move(columns)) {}

 private:
  template <class>
  friend struct Description;

  IncludeList include_;
};

}  // namespace detail

/// The request of `ChromaCollection::get`: records by id, by filter, or both:
/// `GetRequest().where(Key("year") > 1990).limit(10).include(IncludeList::all())`. Without ids and filter it
/// matches all records.
class CHROMA_API GetRequest : public detail::ColumnsRequest<GetRequest> {
 public:
  /// All records with the columns documents and metadatas.
  GetRequest() : ColumnsRequest(IncludeList::default_get()) {}

  /// The most records to return, at most 4294967295. 0 returns none; `std::nullopt` (the default) does not
  /// limit them.
  GetRequest& limit(std::optional<std::uint64_t> limit) & { return set(limit_, limit); }
  GetRequest limit(std::optional<std::uint64_t> limit) && { return std::move(set(limit_, limit)); }
  [[nodiscard]] std::optional<std::uint64_t> limit() const noexcept { return limit_; }

  /// How many records to skip, at most 4294967295; 0 by default.
  GetRequest& offset(std::uint64_t offset) & { return set(offset_, offset); }
  GetRequest offset(std::uint64_t offset) && { return std::move(set(offset_, offset)); }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  /// The checks that the operation makes before it sends the request: `limit` and `offset` are at most
  /// 4294967295, no id is empty, all texts are valid UTF-8, and those of `Where::validate`.
  /// @throws ChromaHttpClientError of kind ValidationError
  void validate() const;

  friend bool operator==(const GetRequest&, const GetRequest&) = default;
  /// Writes ids, filter, limits and columns on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const GetRequest& request);

 private:
  template <class>
  friend struct detail::Description;

  std::optional<std::uint64_t> limit_;
  std::uint64_t offset_ = 0;
};

/// The request of `ChromaCollection::query`: the records that are nearest to each query vector, among those
/// that ids and filter match: `QueryRequest(vector).n_results(5).where(clause)`.
class CHROMA_API QueryRequest : public detail::ColumnsRequest<QueryRequest> {
 public:
  /// No query vector, which the operation refuses, and the columns documents, metadatas and distances.
  QueryRequest() : ColumnsRequest(IncludeList::default_query()) {}
  /// One query for each row, with the columns documents, metadatas and distances.
  explicit QueryRequest(Embeddings query_embeddings)
      : ColumnsRequest(IncludeList::default_query()), query_embeddings_(std::move(query_embeddings)) {}
  /// The same for one query vector: a vector, an array or a span of floats.
  template <detail::FloatRow Vector>
  explicit QueryRequest(Vector&& query) : QueryRequest(Embeddings::row(std::forward<Vector>(query))) {}

  /// The query vectors: one row for each query, each with as many components as the embeddings of the
  /// collection.
  QueryRequest& query_embeddings(Embeddings rows) & { return set(query_embeddings_, std::move(rows)); }
  QueryRequest query_embeddings(Embeddings rows) && {
    return std::move(set(query_embeddings_, std::move(rows)));
  }
  [[nodiscard]] const Embeddings& query_embeddings() const noexcept { return query_embeddings_; }

  /// Texts to query by, in place of query vectors: the operation sends the embeddings that the collection's
  /// embedding function makes of them. Not part of the JSON form.
  QueryRequest& query_texts(std::vector<std::string> texts) & { return set(query_texts_, std::move(texts)); }
  QueryRequest query_texts(std::vector<std::string> texts) && {
    return std::move(set(query_texts_, std::move(texts)));
  }
  /// The same from separate arguments: `query_texts("a", "b")`.
  template <detail::Text... Texts>
  requires(sizeof...(Texts) > 0) QueryRequest& query_texts(const Texts&... texts) & {
    return set(query_texts_, detail::make_texts(texts...));
  }
  template <detail::Text... Texts>
  requires(sizeof...(Texts) > 0) QueryRequest query_texts(const Texts&... texts) && {
    return std::move(set(query_texts_, detail::make_texts(texts...)));
  }
  [[nodiscard]] const std::vector<std::string>& query_texts() const noexcept { return query_texts_; }

  /// The most records to return for each query, at most 4294967295; 10 by default.
  QueryRequest& n_results(std::uint64_t count) & { return set(n_results_, count); }
  QueryRequest n_results(std::uint64_t count) && { return std::move(set(n_results_, count)); }
  [[nodiscard]] std::uint64_t n_results() const noexcept { return n_results_; }

  /// The checks that the operation makes before it sends the request: there is at least one query vector or
  /// text, but not both, those of `AddRequest::validate` for the query vectors, and those of
  /// `GetRequest::validate` for the other members.
  /// @throws ChromaHttpClientError of kind ValidationError, which names the field and the row
  void validate() const;

  friend bool operator==(const QueryRequest&, const QueryRequest&) = default;
  /// Writes a summary of the vectors or texts, ids, filter, number of results and columns on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const QueryRequest& request);

 private:
  template <class>
  friend struct detail::Description;

  Embeddings query_embeddings_;
  std::vector<std::string> query_texts_;
  std::uint64_t n_results_ = 10;
};

}  // namespace chroma
