#include "testing/exchange.hpp"

#include <httplib.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <set>
#include <utility>

namespace chroma::test {
namespace {

using Json = nlohmann::json;

constexpr double tolerance = 1e-5;

bool is_near(double left, double right) {
  return std::abs(left - right) <= tolerance * std::max({1.0, std::abs(left), std::abs(right)});
}

/// True if both are equal except for the last digits of floats: the real server normalizes embeddings in
/// cosine space.
bool is_near(const Json& left, const Json& right) {
  if (left.is_number_float() && right.is_number_float()) {
    return is_near(left.get<double>(), right.get<double>());
  }
  if (left.type() != right.type() || left.size() != right.size()) return false;
  if (left.is_array()) {
    return std::equal(left.begin(), left.end(), right.begin(),
                      [](const Json& a, const Json& b) { return is_near(a, b); });
  }
  return left == right;
}

void normalize(Json& value) {
  if (value.is_object()) {
    value.erase("num_threads");
    if (value.contains("id")) value["id"] = "ID";
  }
  if (value.is_structured()) {
    for (auto& item : value) normalize(item);
  }
}

/// The columns of one query, by record.
Json rows_of(const Json& response, std::size_t query) {
  auto rows = Json::array();
  for (std::size_t i = 0; i < response["ids"][query].size(); ++i) {
    Json row;
    for (const char* column : {"ids", "documents", "uris", "metadatas", "embeddings", "distances"}) {
      row[column] = response[column].is_null() ? Json() : response[column][query][i];
    }
    rows.push_back(row);
  }
  return rows;
}

std::string different_rows(const Json& real, const Json& fake) {
  if (real.size() != fake.size()) return "the numbers of records";
  for (std::size_t i = 0; i < real.size(); ++i) {
    if (!is_near(real[i]["distances"], fake[i]["distances"])) return "the distances";
  }
  // Records at equal distances are compared as a set. Of those at the largest distance, each server may have
  // left out others.
  for (const auto& row : real) {
    const auto& distance = row["distances"];
    if (distance.is_null() || is_near(distance, real.back()["distances"])) continue;
    const auto same =
        std::find_if(fake.begin(), fake.end(), [&](const Json& other) { return other["ids"] == row["ids"]; });
    if (same == fake.end()) return "the records: " + row["ids"].dump() + " is missing";
    for (const auto& [column, value] : row.items()) {
      if (!is_near(value, (*same)[column])) return column + " of " + row["ids"].dump();
    }
  }
  return {};
}

std::string different_query(const Json& real, const Json& fake) {
  if (real["include"] != fake["include"]) return "include";
  if (real["ids"].size() != fake["ids"].size()) return "the numbers of queries";
  for (const auto& [name, column] : real.items()) {
    if (column.is_null() != fake[name].is_null()) return name;
  }
  for (std::size_t query = 0; query < real["ids"].size(); ++query) {
    auto found = different_rows(rows_of(real, query), rows_of(fake, query));
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace

struct Peer::Impl {
  explicit Impl(const std::string& endpoint) : client(endpoint) {
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    client.set_read_timeout(60);
  }

  httplib::Client client;
  std::map<std::string, std::string> ids;
};

Peer::Peer(const std::string& endpoint) : impl_(std::make_unique<Impl>(endpoint)) {}
Peer::~Peer() = default;

std::string Peer::id_of(const std::string& collection) const {
  const auto found = impl_->ids.find(collection);
  return found == impl_->ids.end() ? "00000000-0000-4000-9000-000000000000" : found->second;
}

Received Peer::send(const Exchange& exchange) {
  httplib::Request request;
  request.method = exchange.method;
  request.path = exchange.path;
  if (const auto braces = request.path.find("{}"); braces != std::string::npos) {
    request.path.replace(braces, 2, id_of(exchange.collection));
  }
  if (!exchange.body.empty()) {
    request.body = exchange.body;
    request.headers.emplace("content-type", "application/json");
  }
  Received received;
  const auto result = impl_->client.send(request);
  if (!result) return received;
  received.status = result->status;
  received.text = result->body;
  received.json = Json::parse(received.text, nullptr, false);
  if (received.json.is_object() && received.json.contains("configuration_json")) {
    impl_->ids[received.json["name"].get<std::string>()] = received.json["id"].get<std::string>();
  }
  return received;
}

Json normalized(const Received& received) {
  if (received.json.is_discarded()) return received.text;
  auto json = received.json;
  normalize(json);
  if (json.is_object() && json.contains("message")) {
    static const std::regex place(" at line \\d+ column \\d+$");
    static const std::regex uuid("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    // The server keeps the parameters of a failed check in a hash map, whose order changes from run to run.
    static const std::regex parameters("\\{(\"value\": [^{}]*), (\"(?:min|max)\": Number\\(\\d+\\))\\}");
    auto message = std::regex_replace(json["message"].get<std::string>(), place, "");
    message = std::regex_replace(message, parameters, "{$2, $1}");
    json["message"] = std::regex_replace(message, uuid, "ID");
  }
  return json;
}

std::string difference(const Exchange& exchange, const Received& real, const Received& fake) {
  std::string found;
  if (real.status != fake.status) {
    found = "the status";
  } else if (real.status == 200 && exchange.path.ends_with("/query")) {
    found = different_query(real.json, fake.json);
  } else if (real.status == 200 && exchange.path.ends_with("/get")) {
    if (!is_near(normalized(real), normalized(fake))) {
      for (const auto& [name, value] : real.json.items()) {
        if (!is_near(value, fake.json[name])) found = name;
      }
    }
  } else if (real.status == 200 && exchange.method == "GET" && real.json.is_array()) {
    const auto by_name = [](const Json& list) {
      std::map<std::string, Json> sorted;
      for (const auto& item : list) sorted[item["name"]] = item;
      return sorted;
    };
    if (by_name(normalized(real)) != by_name(normalized(fake))) found = "the list";
  } else if (normalized(real) != normalized(fake)) {
    found = "the body";
  }
  if (found.empty()) return {};
  return found + " differ for " + exchange.method + " " + exchange.path + " " + exchange.body +
         "\n  real: " + std::to_string(real.status) + " " + real.text +
         "\n  fake: " + std::to_string(fake.status) + " " + fake.text;
}

}  // namespace chroma::test
