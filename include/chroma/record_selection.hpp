#pragma once

/// @file
/// The base class of the requests that select records by id and filter.

#include <chroma/column.hpp>
#include <chroma/where.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chroma::detail {

/// Setters and getters that `GetRequest`, `QueryRequest`, `DeleteRequest` and `SearchPayload` share. A setter
/// replaces the earlier value and returns the request itself; on a temporary it returns it by move.
template <class Derived>
class RecordSelection {
 public:
  using Ids = std::vector<std::string>;

  /// The ids of the records. An empty list matches no record; `std::nullopt` (the default) matches all ids.
  Derived& ids(std::optional<Ids> ids) & { return set(ids_, std::move(ids)); }
  Derived ids(std::optional<Ids> ids) && { return std::move(set(ids_, std::move(ids))); }
  /// The same from a braced list: `ids({"a", "b"})`.
  Derived& ids(std::initializer_list<std::string> ids) & { return set(ids_, Ids(ids)); }
  Derived ids(std::initializer_list<std::string> ids) && { return std::move(set(ids_, Ids(ids))); }
  /// The same from separate arguments: `ids("a", "b")`.
  template <Text... Texts>
  requires(sizeof...(Texts) > 0) Derived& ids(const Texts&... ids) & { return set(ids_, make_texts(ids...)); }
  template <Text... Texts>
  requires(sizeof...(Texts) > 0) Derived ids(const Texts&... ids) && {
    return std::move(set(ids_, make_texts(ids...)));
  }
  [[nodiscard]] const std::optional<Ids>& ids() const noexcept { return ids_; }

  /// The filter of the records; `std::nullopt` (the default) matches all records.
  Derived& where(std::optional<Where> clause) & { return set(where_, std::move(clause)); }
  Derived where(std::optional<Where> clause) && { return std::move(set(where_, std::move(clause))); }
  [[nodiscard]] const std::optional<Where>& where() const noexcept { return where_; }

  friend bool operator==(const RecordSelection&, const RecordSelection&) = default;

 protected:
  RecordSelection() = default;

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

}  // namespace chroma::detail
