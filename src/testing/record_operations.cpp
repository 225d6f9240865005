// The operations on records.
#include "testing/distance.hpp"
#include "testing/failure.hpp"
#include "testing/fake_chroma.hpp"
#include "testing/record_payload.hpp"
#include "testing/responses.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace chroma::testing {
namespace {

/// A record found by a query.
struct Match {
  const Record* record;
  float distance;
};

Json text_of(const Record& record, const char* key) {
  const auto found = record.metadata.find(key);
  const auto* text = found == record.metadata.end() ? nullptr : found->second.get_if<std::string>();
  return text == nullptr ? Json() : Json(*text);
}

/// Metadata as the server sends it: without the keys that the server adds, and null if there are no other
/// keys.
Json metadata_of(const Record& record) {
  Metadata visible;
  bool is_null = true;
  for (const auto& [key, value] : record.metadata) {
    is_null = is_null && key == document_key;
    if (key.rfind("chroma:", 0) != 0) visible.emplace(key, value);
  }
  return is_null ? Json() : metadata_json(visible);
}

Json value_of(const Record& record, std::string_view column) {
  if (column == "documents") return text_of(record, document_key);
  if (column == "uris") return text_of(record, uri_key);
  if (column == "embeddings") return record.embedding;
  return metadata_of(record);
}

/// One column of records.
Json column_of(const std::vector<const Record*>& records, std::string_view column) {
  auto values = Json::array();
  for (const auto* record : records) {
    values.push_back(column == "ids" ? Json(record->id) : value_of(*record, column));
  }
  return values;
}

constexpr std::array record_columns = {"embeddings", "documents", "uris", "metadatas"};

bool includes(const std::vector<std::string>& include, std::string_view column) {
  return std::find(include.begin(), include.end(), column) != include.end();
}

/// A response with records. Columns that were not requested are null.
Json records_json(const std::vector<const Record*>& records, const std::vector<std::string>& include) {
  Json response = {{"ids", column_of(records, "ids")}, {"include", include}};
  for (const char* column : record_columns) {
    response[column] = includes(include, column) ? column_of(records, column) : Json();
  }
  return response;
}

/// The response of a query. Its columns are as those of `get`, in an array with one entry for each query.
Json matches_json(const std::vector<std::vector<Match>>& queries, const std::vector<std::string>& include) {
  const auto empty_column = [&](std::string_view column) {
    return includes(include, column) ? Json::array() : Json();
  };
  Json response = {{"ids", Json::array()}, {"include", include}, {"distances", empty_column("distances")}};
  for (const char* column : record_columns) response[column] = empty_column(column);
  for (const auto& matches : queries) {
    std::vector<const Record*> records;
    auto distances = Json::array();
    for (const auto& match : matches) {
      records.push_back(match.record);
      distances.push_back(match.distance);
    }
    response["ids"].push_back(column_of(records, "ids"));
    if (includes(include, "distances")) response["distances"].push_back(distances);
    for (const char* column : record_columns) {
      if (includes(include, column)) response[column].push_back(column_of(records, column));
    }
  }
  return response;
}

std::vector<Match> nearest(const std::vector<const Record*>& records, const std::vector<float>& query,
                           const std::string& space, std::size_t n_results) {
  std::vector<Match> matches;
  matches.reserve(records.size());
  for (const auto* record : records) {
    matches.push_back({record, distance(space, query, record->embedding)});
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& left, const Match& right) { return left.distance < right.distance; });
  if (matches.size() > n_results)
    matches.erase(matches.begin() + static_cast<std::ptrdiff_t>(n_results), matches.end());
  return matches;
}

/// The selection by `ids` and `limit` of a request.
Selection read_selection(const Json& body) {
  Selection selection;
  selection.ids = read_optional(body, "ids", read_texts);
  selection.limit = read_optional(body, "limit", read_u32);
  return selection;
}

/// Adds the filters, which the server reads after it has found the collection.
void add_filter(Selection& selection, const Json& body) {
  if (auto where = read_where(body)) selection.filter.emplace(std::move(*where));
}

void require_indexed(const FakeCollection& collection, const Selection& selection) {
  if (selection.filter) collection.schema.require_indexed(selection.filter->where());
}

void require_dimension(const FakeCollection& collection, std::size_t dimension) {
  if (collection.dimension && *collection.dimension != dimension) {
    throw Failure(400, "Collection expecting embedding with dimension of " +
                           std::to_string(*collection.dimension) + ", got " + std::to_string(dimension));
  }
}

}  // namespace

HttpReply FakeChroma::write(Records::Write kind, const Call& call) {
  WriteColumns columns(kind, parse_body(call.request));
  auto& collection = collection_of(call);
  columns.decode();
  std::vector<const std::vector<float>*> embeddings;
  for (std::size_t i = 0; columns.embeddings && i < columns.embeddings->size(); ++i) {
    if ((*columns.embeddings)[i]) embeddings.push_back(&*(*columns.embeddings)[i]);
  }
  if (const auto dimension = common_dimension(embeddings)) {
    require_dimension(collection, dimension);
    collection.dimension = dimension;  // As in the server, this is kept if the request is refused below.
  }
  const auto rows = columns.rows();
  for (const auto* row : collection.records.write(kind, rows)) collection.schema.discover(row->metadata);
  return json_reply(Json::object(), kind == Records::Write::Add ? 201 : 200);
}

HttpReply FakeChroma::add(const Call& call) {
  return write(Records::Write::Add, call);
}

HttpReply FakeChroma::update(const Call& call) {
  return write(Records::Write::Update, call);
}

HttpReply FakeChroma::upsert(const Call& call) {
  return write(Records::Write::Upsert, call);
}

HttpReply FakeChroma::delete_records(const Call& call) {
  const auto body = parse_body(call.request);
  auto selection = read_selection(body);
  auto& collection = collection_of(call);
  add_filter(selection, body);
  if (selection.ids && selection.ids->empty() && !selection.filter) {
    throw Failure(400, "Validation error: ids, where: Either ids or where must be specified");
  }
  if (selection.limit && !selection.filter) {
    throw Failure(
        400, "Validation error: limit, where: limit can only be specified when a where clause is provided");
  }
  require_indexed(collection, selection);
  // If there is no filter, ids are counted even if they do not exist.
  auto ids = selection.ids.value_or(std::vector<std::string>());
  if (selection.filter) {
    ids.clear();
    for (const auto* record : collection.records.select(selection)) ids.push_back(record->id);
  }
  for (const auto& id : ids) collection.records.remove(id);
  return json_reply({{"deleted", ids.size()}});
}

HttpReply FakeChroma::get(const Call& call) {
  const auto body = parse_body(call.request);
  const auto include = read_include(body, {"documents", "metadatas"});
  auto selection = read_selection(body);
  selection.offset = read_optional(body, "offset", read_u32).value_or(0);
  const auto& collection = collection_of(call);
  add_filter(selection, body);
  require_indexed(collection, selection);
  return json_reply(records_json(collection.records.select(selection), include));
}

HttpReply FakeChroma::query(const Call& call) {
  const auto body = parse_body(call.request);
  const auto include = read_include(body, {"documents", "metadatas", "distances"});
  auto selection = read_selection(body);
  selection.limit.reset();
  const auto queries = read_matrix(required_member(body, "query_embeddings"), "query_embeddings");
  const auto n_results = read_optional(body, "n_results", read_u32).value_or(10);
  const auto& collection = collection_of(call);
  add_filter(selection, body);
  std::vector<const std::vector<float>*> embeddings;
  embeddings.reserve(queries.size());
  for (const auto& query : queries) embeddings.push_back(&query);
  const auto dimension = common_dimension(embeddings);
  if (!queries.empty()) require_dimension(collection, dimension);
  require_indexed(collection, selection);
  // The index refuses unknown ids. If there is a filter, they have been removed before.
  if (selection.ids && !selection.filter && collection.dimension) {
    for (const auto& id : *selection.ids) {
      if (!collection.records.contains(id)) {
        throw Failure(500, "Error executing plan: Internal error: Error finding id");
      }
    }
  }
  const auto candidates = collection.records.select(selection);
  std::vector<std::vector<Match>> results;
  results.reserve(queries.size());
  for (const auto& query : queries) {
    results.push_back(nearest(candidates, query, collection.schema.space(), n_results));
  }
  return json_reply(matches_json(results, include));
}

HttpReply FakeChroma::count(const Call& call) {
  const auto found = call.query.find("read_level");
  if (found != call.query.end() && found->second != "index_and_wal" && found->second != "index_only" &&
      found->second != "index_and_bounded_wal") {
    throw Failure(400, "Failed to deserialize query string: read_level: unknown variant `" + found->second +
                           "`, expected one of `index_and_wal`, `index_only`, `index_and_bounded_wal`");
  }
  return json_reply(collection_of(call).records.size());
}

}  // namespace chroma::testing
