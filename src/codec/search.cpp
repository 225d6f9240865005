#include "codec/search.hpp"

#include "codec/key.hpp"
#include "json/read_object.hpp"
#include "types/where_json.hpp"

namespace chroma {
namespace {

/// The ids are a condition before the clause; both are combined by And.
std::optional<Where> filter_of(const SearchPayload& search) {
  if (!search.ids()) return search.where();
  std::vector<Where> clauses;
  clauses.push_back(Key::field("#id").is_in(WhereSet(*search.ids())));
  if (search.where()) clauses.push_back(*search.where());
  return Where::conjunction(std::move(clauses));
}

void read_limit(json::Reader& in, SearchPayload& search) {
  search.limit(std::nullopt, 0);
  read_object(in, [&](std::string_view key) {
    if (key == "limit") {
      std::optional<std::uint32_t> limit;
      read(in, limit);
      search.limit(limit);
    } else if (key == "offset") {
      search.offset(in.uint32());
    } else {
      return false;
    }
    return true;
  });
}

void read_select(json::Reader& in, SearchPayload& search) {
  search.select(std::vector<Key>());
  read_object(in, [&](std::string_view key) {
    if (key != "keys") return false;
    search.select(read_keys(in));
    return true;
  });
}

/// Null and an object without a key are no filter.
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

}  // namespace

void write(json::Writer& out, const Aggregate& aggregate) {
  out.raw(aggregate.kind() == Aggregate::Kind::MinK ? R"({"$min_k":{"keys":)" : R"({"$max_k":{"keys":)");
  write(out, aggregate.keys());
  out.raw(R"(,"k":)");
  out.number(aggregate.k());
  out.raw("}}");
}

void read(json::Reader& in, Aggregate& aggregate) {
  bool found = false;
  read_object(in, [&](std::string_view key) {
    if (key != "$min_k" && key != "$max_k") return false;
    const bool min = key == "$min_k";
    std::optional<std::vector<Key>> keys;
    std::optional<std::uint32_t> k;
    read_object(in, [&](std::string_view member) {
      if (member == "keys") {
        keys = read_keys(in);
      } else if (member == "k") {
        k = in.uint32();
      } else {
        return false;
      }
      return true;
    });
    require_member(in, keys.has_value(), "keys");
    require_member(in, k.has_value(), "k");
    aggregate = min ? Aggregate::min_k(std::move(*keys), *k) : Aggregate::max_k(std::move(*keys), *k);
    found = true;
    return true;
  });
  if (!found) in.fail("an aggregate is one of $min_k and $max_k");
}

void write(json::Writer& out, const GroupBy& group) {
  out.raw(R"({"keys":)");
  write(out, group.keys());
  out.raw(R"(,"aggregate":)");
  write(out, group.aggregate());
  out.raw('}');
}

void read(json::Reader& in, GroupBy& group) {
  std::vector<Key> keys;
  std::optional<Aggregate> aggregate;
  read_object(in, [&](std::string_view key) {
    if (key == "keys") {
      keys = read_keys(in);
    } else if (key == "aggregate") {
      read(in, aggregate);
    } else {
      return false;
    }
    return true;
  });
  group = GroupBy(std::move(keys), std::move(aggregate));
}

void write(json::Writer& out, const SearchPayload& search) {
  out.raw(R"({"filter":)");
  if (const auto filter = filter_of(search)) {
    write(out, *filter);
  } else {
    out.raw("{}");
  }
  out.raw(R"(,"rank":)");
  write(out, search.rank());
  out.raw(R"(,"group_by":)");
  write(out, search.group_by());
  out.raw(R"(,"limit":{"offset":)");
  out.number(search.offset());
  out.raw(R"(,"limit":)");
  write(out, search.limit());
  out.raw(R"(},"select":{"keys":)");
  write(out, search.select());
  out.raw("}}");
}

void read(json::Reader& in, SearchPayload& search) {
  search = SearchPayload();
  read_object(in, [&](std::string_view key) {
    if (key == "filter") {
      search.where(read_filter(in));
    } else if (key == "rank") {
      std::optional<RankExpr> rank;
      read(in, rank);
      search.rank(std::move(rank));
    } else if (key == "group_by") {
      GroupBy group;
      read(in, group);
      search.group_by(std::move(group));
    } else if (key == "limit") {
      read_limit(in, search);
    } else if (key == "select") {
      read_select(in, search);
    } else {
      return false;
    }
    return true;
  });
}

void write(json::Writer& out, ReadLevel level) {
  out.string(to_string(level));
}

void read(json::Reader& in, ReadLevel& level) {
  in.skip_space();
  const char* begin = in.cursor();
  const auto text = in.string();
  for (const auto known : {ReadLevel::IndexAndWal, ReadLevel::IndexOnly, ReadLevel::IndexAndBoundedWal}) {
    if (text == to_string(known)) {
      level = known;
      return;
    }
  }
  in.fail_at(begin, "unknown read level '" + text + "'");
}

void write(json::Writer& out, const SearchRequest& request) {
  out.raw(R"({"searches":)");
  write(out, request.searches());
  out.raw(R"(,"read_level":)");
  write(out, request.read_level());
  out.raw('}');
}

void read(json::Reader& in, SearchRequest& request) {
  std::optional<std::vector<SearchPayload>> searches;
  ReadLevel level = ReadLevel::IndexAndWal;
  read_object(in, [&](std::string_view key) {
    if (key == "searches") {
      read(in, searches.emplace());
    } else if (key == "read_level") {
      read(in, level);
    } else {
      return false;
    }
    return true;
  });
  require_member(in, searches.has_value(), "searches");
  request = SearchRequest(std::move(*searches), level);
}

}  // namespace chroma
