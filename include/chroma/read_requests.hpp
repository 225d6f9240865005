#pragma once

/// @file
/// Requests that pick records: get, query, delete.

#include <chroma/column.hpp>
#include <chroma/embeddings.hpp>
#include <chroma/export.hpp>
#include <chroma/include_list.hpp>
#include <chroma/where.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chroma {

namespace detail {

/// Setters and getters that the requests share which pick records. A setter replaces what was set before; it
/// returns the request itself, by move on a temporary.
template <class Derived>
class PickRequest {
 public:
  using Ids = std::vector<std::string>;

  /// Only these records; an empty list picks none, `std::nullopt` does not restrict.
  Derived& ids(std::optional<Ids> ids) & { return set(ids_, std::move(ids)); }
  Derived ids(std::optional<Ids> ids) && { return std::move(set(ids_, std::move(ids))); }
  /// The same as a braced list.
  Derived& ids(std::initializer_list<std::string> ids) & { return set(ids_, Ids(ids)); }
  Derived ids(std::initializer_list<std::string> ids) && { return std::move(set(ids_, Ids(ids))); }
  /// The same, as texts: `ids("a", "b")`.
  template <IdText... Texts>
  requires(sizeof...(Texts) > 0) Derived& ids(const Texts&... ids) & { return set(ids_, make_ids(ids...)); }
  template <IdText... Texts>
  requires(sizeof...(Texts) > 0) Derived ids(const Texts&... ids) && {
    return std::move(set(ids_, make_ids(ids...)));
  }
  [[nodiscard]] const std::optional<Ids>& ids() const noexcept { return ids_; }

  /// Only records that the clause holds for; `std::nullopt` does not restrict.
  Derived& where(std::optional<Where> clause) & { return set(where_, std::move(clause)); }
  Derived where(std::optional<Where> clause) && { return std::move(set(where_, std::move(clause))); }
  [[nodiscard]] const std::optional<Where>& where() const noexcept { return where_; }

  friend bool operator==(const PickRequest&, const PickRequest&) = default;

 protected:
  PickRequest() = default;

  template <class Member, class Value>
  Derived& set(Member& member, Value&& value) {
    member = std::forward<Value>(value);
    return static_cast<Derived&>(*this);
  }

 private:
  std::optional<Ids> ids_;
  std::optional<Where> where_;
};

/// What `get` and `query` share: the columns to answer with.
template <class Derived>
class ColumnsRequest : public PickRequest<Derived> {
 public:
  /// The columns to answer with.
  Derived& include(IncludeList columns) & { return this->set(include_, std::move(columns)); }
  Derived include(IncludeList columns) && { return std::move(this->set(include_, std::move(columns))); }
  /// The same, one by one: `include(Include::Uri, Include::Document)`.
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
  IncludeList include_;
};

}  // namespace detail

/// Records by id or filter: `GetRequest().where(Key("year") > 1990).limit(10).include(IncludeList::all())`.
/// Without either, all records.
class CHROMA_API GetRequest : public detail::ColumnsRequest<GetRequest> {
 public:
  /// All records, with documents and metadatas.
  GetRequest() : ColumnsRequest(IncludeList::default_get()) {}

  /// At most this many records, at most 4294967295; 0 gives none, `std::nullopt` does not restrict.
  GetRequest& limit(std::optional<std::uint64_t> limit) & { return set(limit_, limit); }
  GetRequest limit(std::optional<std::uint64_t> limit) && { return std::move(set(limit_, limit)); }
  [[nodiscard]] std::optional<std::uint64_t> limit() const noexcept { return limit_; }

  /// Leave out the first records, at most 4294967295; 0 unless set.
  GetRequest& offset(std::uint64_t offset) & { return set(offset_, offset); }
  GetRequest offset(std::uint64_t offset) && { return std::move(set(offset_, offset)); }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  /// What the operation checks before it sends: limit and offset fit 32 bits, ids are not empty and in UTF-8,
  /// the filter has no NaN and no infinity.
  /// @throws ChromaHttpClientError with a `ValidationError`
  void validate() const;

  friend bool operator==(const GetRequest&, const GetRequest&) = default;

 private:
  std::optional<std::uint64_t> limit_;
  std::uint64_t offset_ = 0;
};

/// The nearest records of each query vector: `QueryRequest(vectors).n_results(5).where(clause)`.
class CHROMA_API QueryRequest : public detail::ColumnsRequest<QueryRequest> {
 public:
  /// No query yet; documents, metadatas and distances as columns.
  QueryRequest() : ColumnsRequest(IncludeList::default_query()) {}
  /// One query a row, with documents, metadatas and distances.
  explicit QueryRequest(Embeddings query_embeddings)
      : ColumnsRequest(IncludeList::default_query()), query_embeddings_(std::move(query_embeddings)) {}

  /// One row a query, all of the collection's dimension.
  QueryRequest& query_embeddings(Embeddings rows) & { return set(query_embeddings_, std::move(rows)); }
  QueryRequest query_embeddings(Embeddings rows) && {
    return std::move(set(query_embeddings_, std::move(rows)));
  }
  [[nodiscard]] const Embeddings& query_embeddings() const noexcept { return query_embeddings_; }

  /// How many records for each query, at most 4294967295; 10 unless set.
  QueryRequest& n_results(std::uint64_t count) & { return set(n_results_, count); }
  QueryRequest n_results(std::uint64_t count) && { return std::move(set(n_results_, count)); }
  [[nodiscard]] std::uint64_t n_results() const noexcept { return n_results_; }

  /// What the operation checks before it sends: the query embeddings as those of `AddRequest::validate`, the
  /// rest as `GetRequest::validate`.
  /// @throws ChromaHttpClientError with a `ValidationError` that names field and row
  void validate() const;

  friend bool operator==(const QueryRequest&, const QueryRequest&) = default;

 private:
  Embeddings query_embeddings_;
  std::uint64_t n_results_ = 10;
};

/// Deletes records by id or filter: `DeleteRequest().where(Key("year") < 1990).limit(100)`.
class CHROMA_API DeleteRequest : public detail::PickRequest<DeleteRequest> {
 public:
  DeleteRequest() = default;

  /// At most this many records, at most 4294967295; only together with a filter.
  DeleteRequest& limit(std::optional<std::uint64_t> limit) & { return set(limit_, limit); }
  DeleteRequest limit(std::optional<std::uint64_t> limit) && { return std::move(set(limit_, limit)); }
  [[nodiscard]] std::optional<std::uint64_t> limit() const noexcept { return limit_; }

  /// What the operation checks before it sends: there are ids or a filter, a limit only with a filter, and
  /// the checks of `GetRequest::validate`.
  /// @throws ChromaHttpClientError with a `ValidationError`
  void validate() const;

  friend bool operator==(const DeleteRequest&, const DeleteRequest&) = default;

 private:
  std::optional<std::uint64_t> limit_;
};

}  // namespace chroma
