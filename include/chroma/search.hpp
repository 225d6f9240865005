#pragma once

/// @file
/// `SearchPayload`: a search, and its parts `GroupBy` and `Aggregate`.

#include <chroma/export.hpp>
#include <chroma/key.hpp>
#include <chroma/rank.hpp>
#include <chroma/read_level.hpp>
#include <chroma/record_selection.hpp>

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
/// A key, or a text that converts to one.
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

/// The records that are kept of each group.
class CHROMA_API Aggregate {
 public:
  /// The rule. More may be added: write a default in a `switch` over this type.
  enum class Kind : std::uint8_t { MinK, MaxK };

  /// No keys and a `k` of 0, to be assigned to. A search refuses it.
  Aggregate() = default;
  /// Keeps the `k` records with the lowest values of the keys. Later keys decide between records of which the
  /// earlier ones are equal.
  /// @param keys metadata fields or `Key::Score`, at least one
  /// @param k from 1 to 4294967295
  [[nodiscard]] static Aggregate min_k(std::vector<Key> keys, std::uint64_t k) {
    return {Kind::MinK, std::move(keys), k};
  }
  /// The same with one key. Braced lists do not compile in a statement with `co_await` on GCC 12.
  [[nodiscard]] static Aggregate min_k(Key key, std::uint64_t k) {
    return {Kind::MinK, std::vector<Key>(1, std::move(key)), k};
  }
  /// Keeps the `k` records with the highest values of the keys.
  [[nodiscard]] static Aggregate max_k(std::vector<Key> keys, std::uint64_t k) {
    return {Kind::MaxK, std::move(keys), k};
  }
  /// The same with one key.
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

/// Groups records by the values of metadata fields and keeps some records of each group. The search must have
/// a rank expression.
class CHROMA_API GroupBy {
 public:
  /// No grouping.
  GroupBy() = default;
  /// @param keys metadata fields, at least one
  /// @param aggregate the records to keep of each group; a search refuses groups without it
  GroupBy(std::vector<Key> keys, std::optional<Aggregate> aggregate)
      : keys_(std::move(keys)), aggregate_(std::move(aggregate)) {}
  /// The same with one metadata field. Braced lists do not compile in a statement with `co_await` on GCC 12.
  GroupBy(Key key, std::optional<Aggregate> aggregate)
      : keys_(1, std::move(key)), aggregate_(std::move(aggregate)) {}

  [[nodiscard]] const std::vector<Key>& keys() const noexcept { return keys_; }
  [[nodiscard]] const std::optional<Aggregate>& aggregate() const noexcept { return aggregate_; }

  friend bool operator==(const GroupBy&, const GroupBy&) = default;

 private:
  template <class>
  friend struct detail::Description;

  std::vector<Key> keys_;
  std::optional<Aggregate> aggregate_;
};

/// A search: the server filters records by ids and `where`, orders them by `rank`, groups them, applies
/// offset and limit, and returns the selected keys. A setter replaces the earlier value and returns the
/// object itself; on a temporary it returns it by move. The ids are sent as a condition on `#id` before those
/// of `where`.
///
///     auto search = chroma::SearchPayload()
///                       .where(chroma::Key("year") >= 2000)
///                       .rank(chroma::Knn(vector).limit(100))
///                       .limit(10)
///                       .select(chroma::Key::Document, chroma::Key::Score, "title");
class CHROMA_API SearchPayload : public detail::RecordSelection<SearchPayload> {
 public:
  SearchPayload() = default;

  /// The expression that orders the records, lowest score first. Without it their order is unspecified.
  SearchPayload& rank(std::optional<RankExpr> rank) & { return set(rank_, std::move(rank)); }
  SearchPayload rank(std::optional<RankExpr> rank) && { return std::move(set(rank_, std::move(rank))); }
  SearchPayload& rank(Knn knn) & { return set(rank_, RankExpr(std::move(knn))); }
  SearchPayload rank(Knn knn) && { return std::move(set(rank_, RankExpr(std::move(knn)))); }
  [[nodiscard]] const std::optional<RankExpr>& rank() const noexcept { return rank_; }

  /// The most records to return, at most 4294967295. If unset (the default), only the server limits them.
  SearchPayload& limit(std::optional<std::uint64_t> limit) & { return set(limit_, limit); }
  SearchPayload limit(std::optional<std::uint64_t> limit) && { return std::move(set(limit_, limit)); }
  /// Sets `limit` and `offset`, as the function of the Rust crate does.
  SearchPayload& limit(std::optional<std::uint64_t> limit, std::uint64_t offset) & {
    set(offset_, offset);
    return set(limit_, limit);
  }
  SearchPayload limit(std::optional<std::uint64_t> limit, std::uint64_t offset) && {
    set(offset_, offset);
    return std::move(set(limit_, limit));
  }
  [[nodiscard]] std::optional<std::uint64_t> limit() const noexcept { return limit_; }

  /// How many records to skip, at most 4294967295; 0 by default.
  SearchPayload& offset(std::uint64_t offset) & { return set(offset_, offset); }
  SearchPayload offset(std::uint64_t offset) && { return std::move(set(offset_, offset)); }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  /// The keys to return in addition to the id: `Key::Document`, `Key::Embedding`, `Key::Metadata` (all
  /// metadata), `Key::Score`, or metadata fields. They are sent in this order, and each of them once. By
  /// default the ids only are returned.
  SearchPayload& select(std::vector<Key> keys) & { return set(select_, unique(std::move(keys))); }
  SearchPayload select(std::vector<Key> keys) && { return std::move(set(select_, unique(std::move(keys)))); }
  /// The same from separate arguments, which are keys or texts: `select(Key::Score, "title")`.
  template <detail::KeyLike First, detail::KeyLike... More>
  SearchPayload& select(const First& first, const More&... more) & {
    return select(to_keys(first, more...));
  }
  template <detail::KeyLike First, detail::KeyLike... More>
  SearchPayload select(const First& first, const More&... more) && {
    return std::move(select(to_keys(first, more...)));
  }
  [[nodiscard]] const std::vector<Key>& select() const noexcept { return select_; }

  /// How records are grouped; not at all by default.
  SearchPayload& group_by(GroupBy group) & { return set(group_by_, std::move(group)); }
  SearchPayload group_by(GroupBy group) && { return std::move(set(group_by_, std::move(group))); }
  [[nodiscard]] const GroupBy& group_by() const noexcept { return group_by_; }

  /// The checks that the operation makes before it sends the search: the vectors of the rank expression are
  /// valid, all numbers are finite, limits are at most 4294967295, no id is empty, all texts are valid UTF-8,
  /// and the grouping is complete and has a rank expression.
  /// @throws ChromaHttpClientError of kind ValidationError, with all errors, one on each line; its field is
  /// that of the first error, for example "searches[0].rank"
  void validate() const;

  friend bool operator==(const SearchPayload&, const SearchPayload&) = default;
  /// Writes filter, rank expression, limits and selection on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const SearchPayload& search);

 private:
  template <class>
  friend struct detail::Description;

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

/// Several searches in one request: the argument of `ChromaCollection::search`.
class CHROMA_API SearchRequest {
 public:
  SearchRequest() = default;
  explicit SearchRequest(std::vector<SearchPayload> searches, ReadLevel level = ReadLevel::IndexAndWal)
      : searches_(std::move(searches)), read_level_(level) {}

  [[nodiscard]] const std::vector<SearchPayload>& searches() const noexcept { return searches_; }

  /// The data that all searches read.
  SearchRequest& read_level(ReadLevel level) & {
    read_level_ = level;
    return *this;
  }
  SearchRequest read_level(ReadLevel level) && {
    read_level_ = level;
    return std::move(*this);
  }
  [[nodiscard]] ReadLevel read_level() const noexcept { return read_level_; }

  /// The checks of `SearchPayload::validate` for each search. Fields have the index of the search:
  /// "searches[1].rank".
  /// @throws ChromaHttpClientError of kind ValidationError
  void validate() const;

  friend bool operator==(const SearchRequest&, const SearchRequest&) = default;
  /// Writes the searches, separated by semicolons, and the read level on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const SearchRequest& request);

 private:
  template <class>
  friend struct detail::Description;

  std::vector<SearchPayload> searches_;
  ReadLevel read_level_ = ReadLevel::IndexAndWal;
};

}  // namespace chroma
