#include "testing/random_operations.hpp"

#include <utility>

namespace chroma::test {
namespace {

const std::vector<std::string> keys = {"n", "x", "s", "b", "tags", "mixed"};
const std::vector<std::string> words = {"alpha",  "Alpha", "beta", "gamma ray", "straße",
                                        "日本語", "a%b",   "x_y",  "\"q\"",     "line\nfeed"};
const std::vector<std::string> patterns = {"^alpha",        "beta$",      "a.b", "(?i)ALPHA",
                                           "[0-9]+",        "gamma|beta", "^$",  "\\bray\\b",
                                           "(?s)line.feed", "\\w+",       "["};
const std::vector<std::string> texts = {"alpha", "Alp", "ra", "a", "日本", "ß", "%", "nowhere", "", "\"q"};

}  // namespace

RandomOperations::RandomOperations(std::uint64_t seed, const std::string& database)
    : engine_(seed),
      base_("/api/v2/tenants/default_tenant/databases/" + database + "/collections"),
      collections_({"first", "second", "third"}) {}

Exchange RandomOperations::record_operation(const std::string& name, const Json& body) {
  return {"POST", base_ + "/{}/" + name, body.dump(), pick(collections_)};
}

Exchange RandomOperations::next() {
  if (pending_) return *std::exchange(pending_, std::nullopt);
  if (created_ < collections_.size()) return creation(collections_[created_++]);
  const auto kind = number(100);
  if (kind < 15) return record_operation("add", write_body(false, true));
  if (kind < 25) return record_operation("upsert", write_body(false, false));
  if (kind < 35) return record_operation("update", write_body(true, false));
  if (kind < 40) return record_operation("delete", delete_body());
  if (kind < 65) return record_operation("get", get_body());
  if (kind < 90) return record_operation("query", query_body());
  return collection_operation();
}

Exchange RandomOperations::collection_operation() {
  const auto& name = pick(collections_);
  const auto kind = number(10);
  if (kind < 3) return {"GET", base_ + "/" + name, ""};
  if (kind < 4) return {"GET", base_, ""};
  if (kind < 6) return {"GET", base_ + "/{}/count", "", name};
  if (kind < 7) return {"GET", base_ + "/by-id/{}", "", name};
  Json body;
  if (kind < 8) {
    if (chance(70)) body["new_metadata"] = {{pick(keys), scalar()}};
    if (chance(30)) body["new_name"] = chance(50) ? pick(collections_) : "renamed";
    if (chance(30)) body["new_configuration"] = {{"hnsw", {{"ef_search", 500 + number(100)}}}};
    return {"PUT", base_ + "/{}", body.is_null() ? "{}" : body.dump(), name};
  }
  if (kind < 9) {
    // The server does not delete array metadata of a deleted collection; filters of other collections may
    // match it.
    pending_ = Exchange{"DELETE", base_ + "/" + name, ""};
    return {"POST", base_ + "/{}/delete", R"({"where":{"$and":[]}})", name};
  }
  return creation(chance(90) ? name : "x");
}

Exchange RandomOperations::creation(const std::string& name) {
  Json body;
  body["name"] = name;
  body["get_or_create"] = chance(80);
  const std::vector<std::string> spaces = {"l2", "cosine", "ip"};
  // With this many links, the index is exact for this few records.
  body["configuration"]["hnsw"] = {
      {"space", pick(spaces)}, {"max_neighbors", 500}, {"ef_construction", 500}, {"ef_search", 500}};
  if (chance(30)) body["metadata"] = {{pick(keys), scalar()}};
  return {"POST", base_, body.dump()};
}

RandomOperations::Json RandomOperations::ids(std::size_t at_most) {
  auto list = Json::array();
  const auto count = 1 + number(at_most);
  for (std::size_t i = 0; i < count; ++i) list.push_back("id" + std::to_string(number(30)));
  return list;
}

RandomOperations::Json RandomOperations::embedding() {
  auto row = Json::array();
  // The distances of small integers are exact in any order of summation.
  for (std::size_t i = 0; i < (chance(98) ? 3U : 2U); ++i)
    row.push_back(static_cast<double>(number(9)) - 4.0);
  return row;
}

RandomOperations::Json RandomOperations::scalar() {
  switch (number(4)) {
    case 0:
      return number(6);
    case 1:
      return static_cast<double>(number(8)) / 2.0;
    case 2:
      return chance(50);
    default:
      return pick(words);
  }
}

RandomOperations::Json RandomOperations::metadata(bool nulls) {
  auto object = Json::object();
  for (auto count = number(4); count > 0; --count) {
    const auto& key = pick(keys);
    if (nulls && chance(25)) {
      object[key] = nullptr;
    } else if (chance(25)) {
      const auto kind = number(4);
      auto array = Json::array();
      for (auto size = number(4); size > 0; --size) {
        const std::vector<Json> items = {number(4), static_cast<double>(number(6)) / 2.0, chance(50),
                                         pick(words)};
        array.push_back(items[kind]);
      }
      object[key] = array;
    } else {
      object[key] = scalar();
    }
  }
  return object;
}

RandomOperations::Json RandomOperations::write_body(bool is_update, bool is_add) {
  Json body;
  body["ids"] = ids(6);
  const auto rows = body["ids"].size();
  const auto column = [&](auto make) {
    auto values = Json::array();
    for (std::size_t i = 0; i < rows; ++i) values.push_back(make());
    return values;
  };
  if (!is_update || chance(50)) {
    body["embeddings"] = column([&] { return is_update && chance(40) ? Json() : embedding(); });
  }
  if (chance(60))
    body["documents"] = column([&] {
      return chance(20) ? Json() : Json(pick(words) + (chance(50) ? " " + pick(words) : std::string()));
    });
  if (chance(30)) body["uris"] = column([&] { return chance(50) ? Json() : Json("u://" + pick(words)); });
  if (chance(70)) body["metadatas"] = column([&] { return chance(20) ? Json() : metadata(!is_add); });
  if (chance(2)) body["ids"].push_back("one-more");
  return body;
}

RandomOperations::Json RandomOperations::metadata_clause() {
  const std::vector<std::string> operators = {"$eq",  "$ne", "$gt",  "$gte",      "$lt",
                                              "$lte", "$in", "$nin", "$contains", "$not_contains"};
  const auto& op = pick(operators);
  auto operand = scalar();
  if (op == "$in" || op == "$nin") {
    auto operands = Json::array({operand});
    for (auto more = number(3); more > 0; --more) {
      auto other = scalar();
      if (other.type() == operand.type() || chance(5)) operands.push_back(std::move(other));
    }
    operand = operands;
  } else if (op.starts_with("$g") || op.starts_with("$l")) {
    while (!operand.is_number() && !chance(5)) operand = scalar();
  } else if (op == "$eq" && chance(30)) {
    return {{pick(keys), operand}};
  }
  return {{pick(keys), {{op, operand}}}};
}

RandomOperations::Json RandomOperations::where(int depth) {
  if (depth > 0 && chance(40)) {
    auto children = Json::array();
    for (auto count = number(4); count > 0; --count) children.push_back(where(depth - 1));
    return {{chance(50) ? "$and" : "$or", children}};
  }
  if (chance(25)) return {{"#document", where_document(0)}};
  return metadata_clause();
}

RandomOperations::Json RandomOperations::where_document(int depth) {
  if (depth > 0 && chance(30)) {
    auto children = Json::array();
    for (auto count = number(3); count > 0; --count) children.push_back(where_document(depth - 1));
    return {{chance(50) ? "$and" : "$or", children}};
  }
  if (chance(70)) return {{chance(70) ? "$contains" : "$not_contains", pick(texts)}};
  return {{chance(70) ? "$regex" : "$not_regex", pick(patterns)}};
}

void RandomOperations::select(Json& body) {
  if (chance(50)) body["where"] = where(2);
  if (chance(15)) body["where_document"] = where_document(1);
}

RandomOperations::Json RandomOperations::include(const std::vector<std::string>& columns) {
  auto list = Json::array();
  for (const auto& column : columns) {
    if (chance(60)) list.push_back(column);
  }
  return list;
}

RandomOperations::Json RandomOperations::delete_body() {
  auto body = Json::object();
  if (chance(60)) body["ids"] = ids(3);
  if (chance(50)) {
    select(body);
    if (chance(50)) body["limit"] = number(4);
  }
  return body;
}

RandomOperations::Json RandomOperations::get_body() {
  auto body = Json::object();
  if (chance(30)) body["ids"] = ids(8);
  select(body);
  if (chance(30)) body["limit"] = number(8);
  if (chance(30)) body["offset"] = number(5);
  if (chance(70)) body["include"] = include({"documents", "uris", "metadatas", "embeddings", "distances"});
  return body;
}

RandomOperations::Json RandomOperations::query_body() {
  auto body = Json::object();
  body["query_embeddings"] = Json::array();
  for (auto count = 1 + number(2); count > 0; --count) body["query_embeddings"].push_back(embedding());
  select(body);
  if (chance(20)) body["ids"] = ids(6);
  if (chance(80)) body["n_results"] = 1 + number(12);
  if (chance(60)) body["include"] = include({"documents", "uris", "metadatas", "embeddings"});
  if (body.contains("include")) body["include"].push_back("distances");
  return body;
}

}  // namespace chroma::test
