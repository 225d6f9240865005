// The bodies of searches and their parts.
#include "codec/instantiate.hpp"
#include "codec/key.hpp"
#include "codec/rank.hpp"
#include "types/where_json.hpp"

#include <chroma/search.hpp>

#include <initializer_list>

namespace chroma {
namespace {

/// The filter that is sent: the ids are written as a condition on `#id`, combined with the clause by `And`.
std::optional<Where> filter_of(const SearchPayload& search) {
  if (!search.ids()) return search.where();
  std::vector<Where> clauses;
  clauses.push_back(Key::field("#id").is_in(WhereSet(*search.ids())));
  if (search.where()) clauses.push_back(*search.where());
  return Where::conjunction(std::move(clauses));
}

/// Reads a filter. Null and an empty object mean that there is none.
std::optional<Where> read_filter(json::Reader& in) {
  if (in.take_null()) return std::nullopt;
  if (in.peek() != json::Reader::Kind::object) in.fail("expected an object or null");
  const auto text = in.skip();
  json::Reader members(text);
  members.begin_object();
  std::string_view key;
  if (!members.next_key(key)) return std::nullopt;
  return Where::parse(text);
}

/// The filter of a search. When a search is read, a condition on ids remains part of the filter.
struct FilterMember {};
void read(json::Reader& in, const json::As<FilterMember, SearchPayload>& member) {
  member.value.where(read_filter(in));
}
void write(json::Writer& out, const json::As<FilterMember, const SearchPayload>& member) {
  if (const auto filter = filter_of(member.value)) {
    write(out, *filter);
  } else {
    out.raw("{}");
  }
}

/// The member `{"offset": n, "limit": n}`. Absent members have their default values.
struct LimitMember {};
template <class Limit, class Offset>
struct LimitParts {
  Limit& limit;
  Offset& offset;
};
template <class Limit, class Offset>
LimitParts(Limit&, Offset&) -> LimitParts<Limit, Offset>;  // Clang 14 requires the deduction guides.

/// The member `{"keys": [...]}`.
struct SelectMember {};

/// An aggregate's object `{"keys": [...], "k": n}`.
template <class Keys, class Number>
struct AggregateParts {
  Keys& keys;
  Number& k;
};
template <class Keys, class Number>
AggregateParts(Keys&, Number&) -> AggregateParts<Keys, Number>;

}  // namespace

template <class Limit, class Offset>
struct detail::Description<LimitParts<Limit, Offset>> {
  static void fields(auto& parts, auto visit) {
    visit("offset", parts.offset);
    visit("limit", parts.limit);
  }
};

template <class Keys, class Number>
struct detail::Description<AggregateParts<Keys, Number>> {
  static void fields(auto& parts, auto visit) {
    visit(json::required("keys"), parts.keys);
    visit(json::required("k"), parts.k);
  }
};

namespace {

void read(json::Reader& in, const json::As<LimitMember, SearchPayload>& member) {
  std::optional<std::uint64_t> limit;
  std::uint64_t offset = 0;
  LimitParts parts{limit, offset};
  read_fields(in, parts);
  member.value.limit(limit, offset);
}
void write(json::Writer& out, const json::As<LimitMember, const SearchPayload>& member) {
  const auto limit = member.value.limit();
  const auto offset = member.value.offset();
  write(out, LimitParts{limit, offset});
}

void read(json::Reader& in, const json::As<SelectMember, SearchPayload>& member) {
  std::vector<Key> keys;
  read_object(in, [&](std::string_view key) {
    if (key != "keys") return false;
    read(in, keys);
    return true;
  });
  member.value.select(std::move(keys));
}
void write(json::Writer& out, const json::As<SelectMember, const SearchPayload>& member) {
  json::MemberWriter members(out);
  members.value("keys", member.value.select());
  members.end();
}

}  // namespace

void read(json::Reader& in, Aggregate& aggregate) {
  bool found = false;
  read_object(in, [&](std::string_view kind) {
    if (kind != "$min_k" && kind != "$max_k") return false;
    const bool is_min = kind == "$min_k";
    std::vector<Key> keys;
    std::uint64_t k = 0;
    AggregateParts parts{keys, k};
    read_fields(in, parts);
    aggregate = is_min ? Aggregate::min_k(std::move(keys), k) : Aggregate::max_k(std::move(keys), k);
    return found = true;
  });
  if (!found) in.fail("an aggregate must have the key $min_k or $max_k");
}

void write(json::Writer& out, const Aggregate& aggregate) {
  const auto k = aggregate.k();
  json::MemberWriter members(out);
  members.value(aggregate.kind() == Aggregate::Kind::MinK ? "$min_k" : "$max_k",
                AggregateParts{aggregate.keys(), k});
  members.end();
}

void read(json::Reader& in, ReadLevel& level) {
  level = json::read_one_of(in, "read level",
                            {ReadLevel::IndexAndWal, ReadLevel::IndexOnly, ReadLevel::IndexAndBoundedWal});
}

void write(json::Writer& out, ReadLevel level) {
  out.string(to_string(level));
}

template <>
struct detail::Description<GroupBy> {
  static void fields(auto& group, auto visit) {
    visit("keys", group.keys_);
    visit("aggregate", group.aggregate_);
  }
};

template <>
struct detail::Description<SearchPayload> {
  static void fields(auto& search, auto visit) {
    visit("filter", json::as<FilterMember>(search));
    visit("rank", search.rank_);
    visit("group_by", search.group_by_);
    visit("limit", json::as<LimitMember>(search));
    visit("select", json::as<SelectMember>(search));
  }
};

template <>
struct detail::Description<SearchRequest> {
  static void fields(auto& request, auto visit) {
    visit(json::required("searches"), request.searches_);
    visit("read_level", request.read_level_);
  }
};

CHROMA_CODEC(Aggregate);
CHROMA_CODEC(GroupBy);
CHROMA_CODEC(SearchPayload);
CHROMA_CODEC(SearchRequest);
CHROMA_CODEC(ReadLevel);

}  // namespace chroma
