#pragma once

/// @file
/// `SearchPayload`: one search, filtered, ranked, grouped and cut.

#include <chroma/export.hpp>
#include <chroma/key.hpp>
#include <chroma/rank.hpp>
#include <chroma/read_level.hpp>
#include <chroma/read_requests.hpp>

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chroma {

namespace detail {
/// A key, or a text that names one.
template <class T>
concept KeyLike =
    std::same_as<std::remove_cvref_t<T>, Key> || std::convertible_to<const T&, std::string_view>;

template <KeyLike T>
[[nodiscard]] Key to_key(const T& key) {
  if constexpr (std::same_as<T, Key>) {
    return key;
  } else {
    return Key(std::string_view(key));
  }
}
}  // namespace detail

/// Which records of a group are kept.
class CHROMA_API Aggregate {
 public:
  enum class Kind : std::uint8_t { MinK, MaxK };

  /// No keys, k 0: for values read later. Refused by the search.
  Aggregate() = default;
  /// The `k` records with the lowest values of the keys, the first key counting most.
  /// @param keys metadata fields or `Key::Score`, at least one
  /// @param k from 1 to 4294967295
  [[nodiscard]] static Aggregate min_k(std::vector<Key> keys, std::uint64_t k) {
    return {Kind::MinK, std::move(keys), k};
  }
  /// The same by one key, which also compiles in an awaiting statement on GCC 12.
  [[nodiscard]] static Aggregate min_k(Key key, std::uint64_t k) {
    return {Kind::MinK, std::vector<Key>(1, std::move(key)), k};
  }
  /// The `k` records with the highest values.
  [[nodiscard]] static Aggregate max_k(std::vector<Key> keys, std::uint64_t k) {
    return {Kind::MaxK, std::move(keys), k};
  }
  /// The same by one key.
  [[nodiscard]] static Aggregate max_k(Key key, std::uint64_t k) {
    return {Kind::MaxK, std::vector<Key>(1, std::move(key)), k};
  }

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::vector<Key>& keys() const noexcept { return keys_; }
  [[nodiscard]] std::uint64_t k() const noexcept { return k_; }

  friend bool operator==(const Aggregate&, const Aggregate&) = default;

 private:
  Aggregate(Kind kind, std::vector<Key> keys, std::uint64_t k) : kind_(kind), keys_(std::move(keys)), k_(k) {}

  Kind kind_ = Kind::MinK;
  std::vector<Key> keys_;
  std::uint64_t k_ = 0;
};

/// Groups records by metadata fields and keeps the best of each group. Needs a rank.
class CHROMA_API GroupBy {
 public:
  /// No grouping.
  GroupBy() = default;
  /// @param keys metadata fields, at least one
  GroupBy(std::vector<Key> keys, std::optional<Aggregate> aggregate)
      : keys_(std::move(keys)), aggregate_(std::move(aggregate)) {}
  /// The same by one metadata field, which also compiles in an awaiting statement on GCC 12.
  GroupBy(Key key, std::optional<Aggregate> aggregate)
      : keys_(1, std::move(key)), aggregate_(std::move(aggregate)) {}

  [[nodiscard]] const std::vector<Key>& keys() const noexcept { return keys_; }
  [[nodiscard]] const std::optional<Aggregate>& aggregate() const noexcept { return aggregate_; }

  friend bool operator==(const GroupBy&, const GroupBy&) = default;

 private:
  std::vector<Key> keys_;
  std::optional<Aggregate> aggregate_;
};

/// One search: filter, rank, group, cut, select. A setter replaces what was set before and returns the object
/// itself, by move on a temporary. The ids are sent as a filter on `#id` in front of `where`.
///
///     auto search = chroma::SearchPayload()
///                       .where(chroma::Key("year") >= 2000)
///                       .rank(chroma::Knn(vector).limit(100))
///                       .limit(10)
///                       .select(chroma::Key::Document, chroma::Key::Score, "title");
class CHROMA_API SearchPayload : public detail::PickRequest<SearchPayload> {
 public:
  SearchPayload() = default;

  /// How the records are ordered, the lowest score first. Without it they come in no particular order.
  SearchPayload& rank(std::optional<RankExpr> rank) & { return set(rank_, std::move(rank)); }
  SearchPayload rank(std::optional<RankExpr> rank) && { return std::move(set(rank_, std::move(rank))); }
  SearchPayload& rank(Knn knn) & { return set(rank_, RankExpr(std::move(knn))); }
  SearchPayload rank(Knn knn) && { return std::move(set(rank_, RankExpr(std::move(knn)))); }
  [[nodiscard]] const std::optional<RankExpr>& rank() const noexcept { return rank_; }

  /// At most so many records, at most 4294967295; unset is no limit but the server's.
  SearchPayload& limit(std::optional<std::uint64_t> limit) & { return set(limit_, limit); }
  SearchPayload limit(std::optional<std::uint64_t> limit) && { return std::move(set(limit_, limit)); }
  /// The crate's form of both in one.
  SearchPayload& limit(std::optional<std::uint64_t> limit, std::uint64_t offset) & {
    set(offset_, offset);
    return set(limit_, limit);
  }
  SearchPayload limit(std::optional<std::uint64_t> limit, std::uint64_t offset) && {
    set(offset_, offset);
    return std::move(set(limit_, limit));
  }
  [[nodiscard]] std::optional<std::uint64_t> limit() const noexcept { return limit_; }

  /// Leaves out so many records first, at most 4294967295; 0 unless set.
  SearchPayload& offset(std::uint64_t offset) & { return set(offset_, offset); }
  SearchPayload offset(std::uint64_t offset) && { return std::move(set(offset_, offset)); }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  /// What comes back besides the id: `Key::Document`, `Key::Embedding`, `Key::Metadata` (all of it),
  /// `Key::Score`, or metadata fields. The order is kept, what is named twice is sent once.
  SearchPayload& select(std::vector<Key> keys) & { return set(select_, unique(std::move(keys))); }
  SearchPayload select(std::vector<Key> keys) && { return std::move(set(select_, unique(std::move(keys)))); }
  /// The same, as keys and texts: `select(Key::Score, "title")`.
  template <detail::KeyLike First, detail::KeyLike... More>
  SearchPayload& select(const First& first, const More&... more) & {
    return select(to_keys(first, more...));
  }
  template <detail::KeyLike First, detail::KeyLike... More>
  SearchPayload select(const First& first, const More&... more) && {
    return std::move(select(to_keys(first, more...)));
  }
  [[nodiscard]] const std::vector<Key>& select() const noexcept { return select_; }

  /// Keeps the best records of each group.
  SearchPayload& group_by(GroupBy group) & { return set(group_by_, std::move(group)); }
  SearchPayload group_by(GroupBy group) && { return std::move(set(group_by_, std::move(group))); }
  [[nodiscard]] const GroupBy& group_by() const noexcept { return group_by_; }

  /// What a search checks before it is sent: vectors and numbers of the rank, operands of the filter, ids,
  /// the grouping. @throws ChromaHttpClientError with a ValidationError of field "searches[0]....", one fault
  /// a line
  void validate() const;

  friend bool operator==(const SearchPayload&, const SearchPayload&) = default;
  /// For people: filter, rank, limits and selection.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const SearchPayload& search);

 private:
  template <class... Keys>
  static std::vector<Key> to_keys(const Keys&... keys) {
    std::vector<Key> result;
    result.reserve(sizeof...(Keys));
    (result.push_back(detail::to_key(keys)), ...);
    return result;
  }
  static std::vector<Key> unique(std::vector<Key> keys);

  std::optional<RankExpr> rank_;
  std::optional<std::uint64_t> limit_;
  std::uint64_t offset_ = 0;
  std::vector<Key> select_;
  GroupBy group_by_;
};

/// Several searches in one request.
class CHROMA_API SearchRequest {
 public:
  SearchRequest() = default;
  explicit SearchRequest(std::vector<SearchPayload> searches, ReadLevel level = ReadLevel::IndexAndWal)
      : searches_(std::move(searches)), read_level_(level) {}

  [[nodiscard]] const std::vector<SearchPayload>& searches() const noexcept { return searches_; }

  /// What all of them look at.
  SearchRequest& read_level(ReadLevel level) & {
    read_level_ = level;
    return *this;
  }
  SearchRequest read_level(ReadLevel level) && {
    read_level_ = level;
    return std::move(*this);
  }
  [[nodiscard]] ReadLevel read_level() const noexcept { return read_level_; }

  /// The checks of `SearchPayload::validate`, with the place of each search.
  /// @throws ChromaHttpClientError with ValidationError
  void validate() const;

  friend bool operator==(const SearchRequest&, const SearchRequest&) = default;

 private:
  std::vector<SearchPayload> searches_;
  ReadLevel read_level_ = ReadLevel::IndexAndWal;
};

}  // namespace chroma
