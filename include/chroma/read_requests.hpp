#pragma once

/// @file
/// `GetRequest`, `QueryRequest` and `DeleteRequest`.

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

/// Setters and getters that `GetRequest`, `QueryRequest`, `DeleteRequest` and `SearchPayload` share. A setter
/// replaces the earlier value and returns the request itself; on a temporary it returns it by move.
template <class Derived>
class PickRequest {
 public:
  using Ids = std::vector<std::string>;

  /// The ids of the records. An empty list matches no record; `std::nullopt` (the default) matches all ids.
  Derived& ids(std::optional<Ids> ids) & { return set(ids_, std::move(ids)); }
  Derived ids(std::optional<Ids> ids) && { return std::move(set(ids_, std::move(ids))); }
  /// The same from a braced list: `ids({"a", "b"})`.
  Derived& ids(std::initializer_list<std::string> ids) & { return set(ids_, Ids(ids)); }
  Derived ids(std::initializer_list<std::string> ids) && { return std::move(set(ids_, Ids(ids))); }
  /// The same from separate arguments: `ids("a", "b")`.
  template <IdText... Texts>
  requires(sizeof...(Texts) > 0) Derived& ids(const Texts&... ids) & { return set(ids_, make_ids(ids...)); }
  template <IdText... Texts>
  requires(sizeof...(Texts) > 0) Derived ids(const Texts&... ids) && {
    return std::move(set(ids_, make_ids(ids...)));
  }
  [[nodiscard]] const std::optional<Ids>& ids() const noexcept { return ids_; }

  /// The filter of the records; `std::nullopt` (the default) matches all records.
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
  template <class>
  friend struct Description;

  std::optional<Ids> ids_;
  std::optional<Where> where_;
};

/// The setter and getter of the columns, which `GetRequest` and `QueryRequest` share.
template <class Derived>
class ColumnsRequest : public PickRequest<Derived> {
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
  /// 4294967295, no id is empty, all texts are valid UTF-8, and all numbers of the filter are finite.
  /// @throws ChromaHttpClientError of kind ValidationError
  void validate() const;

  friend bool operator==(const GetRequest&, const GetRequest&) = default;

 private:
  template <class>
  friend struct detail::Description;

  std::optional<std::uint64_t> limit_;
  std::uint64_t offset_ = 0;
};

/// The request of `ChromaCollection::query`: the records that are nearest to each query vector, among those
/// that ids and filter match: `QueryRequest(vectors).n_results(5).where(clause)`.
class CHROMA_API QueryRequest : public detail::ColumnsRequest<QueryRequest> {
 public:
  /// No query vector, and the columns documents, metadatas and distances.
  QueryRequest() : ColumnsRequest(IncludeList::default_query()) {}
  /// One query for each row, with the columns documents, metadatas and distances.
  explicit QueryRequest(Embeddings query_embeddings)
      : ColumnsRequest(IncludeList::default_query()), query_embeddings_(std::move(query_embeddings)) {}

  /// The query vectors: one row for each query, each with as many components as the embeddings of the
  /// collection.
  QueryRequest& query_embeddings(Embeddings rows) & { return set(query_embeddings_, std::move(rows)); }
  QueryRequest query_embeddings(Embeddings rows) && {
    return std::move(set(query_embeddings_, std::move(rows)));
  }
  [[nodiscard]] const Embeddings& query_embeddings() const noexcept { return query_embeddings_; }

  /// The most records to return for each query, at most 4294967295; 10 by default.
  QueryRequest& n_results(std::uint64_t count) & { return set(n_results_, count); }
  QueryRequest n_results(std::uint64_t count) && { return std::move(set(n_results_, count)); }
  [[nodiscard]] std::uint64_t n_results() const noexcept { return n_results_; }

  /// The checks that the operation makes before it sends the request: those of `AddRequest::validate` for the
  /// query vectors, and those of `GetRequest::validate` for the other members.
  /// @throws ChromaHttpClientError of kind ValidationError, which names the field and the row
  void validate() const;

  friend bool operator==(const QueryRequest&, const QueryRequest&) = default;

 private:
  template <class>
  friend struct detail::Description;

  Embeddings query_embeddings_;
  std::uint64_t n_results_ = 10;
};

/// The request of `ChromaCollection::delete_records`: records by id, by filter, or both:
/// `DeleteRequest().where(Key("year") < 1990).limit(100)`. It must have at least one id or a filter.
class CHROMA_API DeleteRequest : public detail::PickRequest<DeleteRequest> {
 public:
  /// Neither ids nor a filter; the operation refuses this.
  DeleteRequest() = default;

  /// The most records to delete, at most 4294967295; requires a filter. `std::nullopt` (the default) does not
  /// limit them.
  DeleteRequest& limit(std::optional<std::uint64_t> limit) & { return set(limit_, limit); }
  DeleteRequest limit(std::optional<std::uint64_t> limit) && { return std::move(set(limit_, limit)); }
  [[nodiscard]] std::optional<std::uint64_t> limit() const noexcept { return limit_; }

  /// The checks that the operation makes before it sends the request: there is at least one id or a filter,
  /// there is a filter if there is a limit, and those of `GetRequest::validate`.
  /// @throws ChromaHttpClientError of kind ValidationError
  void validate() const;

  friend bool operator==(const DeleteRequest&, const DeleteRequest&) = default;

 private:
  template <class>
  friend struct detail::Description;

  std::optional<std::uint64_t> limit_;
};

}  // namespace chroma
