// U: names in URLs. X: requests and failures of the transport. The client differs from the crate in many
// cases; a comment at each check says how.
#include "golden/bench.hpp"
#include "golden/golden.hpp"
#include "support/raw_server.hpp"
#include "transport/url.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <functional>
#include <limits>
#include <map>

namespace golden::urls_and_failures_cases {
namespace {

using namespace chroma;
using namespace chroma::test;
using golden::Bench;

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto begin = text.find(before) + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

/// The name of a case: a JSON string, except in the case whose name contains backquotes.
std::string name_of(const golden::Case& one) {
  const auto quoted = one.text.find("name `` ") != std::string::npos ? between(one.text, "name `` ", " ``")
                                                                     : between(one.text, "name `", "`");
  if (one.id == "U15") return quoted.substr(1, quoted.size() - 2);
  return nlohmann::json::parse(quoted).get<std::string>();
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

const std::string in_database = "/api/v2/tenants/t/databases/d/collections/";

/// Differs from the crate: every name becomes one segment that decodes to the name. "." and ".." are refused,
/// because proxies resolve them even if they are percent-encoded.
void check_name(const golden::Case& one, const std::string& prefix) {
  Bench bench(prefix);
  bench.server.respond(Reply(200, collection_json()));
  const auto name = name_of(one);
  if (name == "." || name == "..") {
    EXPECT_NE(bench.text_of(bench.client().get_collection(name)).find("Validation error: name"),
              std::string::npos);
    EXPECT_TRUE(bench.server.received().empty());
    return;
  }
  bench.run(bench.client().get_collection(name));
  const auto target = bench.server.only().target;
  const auto start = (prefix == "/prefix/" ? "/prefix" : prefix) + in_database;
  ASSERT_EQ(target.substr(0, start.size()), start);
  const auto last = target.substr(start.size());
  EXPECT_EQ(decoded(last), name);
  for (const char c : last) {
    EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)) ||
                std::string_view("%-._~").find(c) != std::string::npos)
        << last;
  }
}

void check_url(const golden::Case& one) {
  if (one.id == "U11") {
    Bench bench;
    EXPECT_NE(bench.text_of(bench.client().get_collection("")).find("Validation error: name"),
              std::string::npos);
    EXPECT_TRUE(bench.server.received().empty());
  } else if (one.id == "U17") {
    check_name(one, "/prefix/");  // The prefix is kept.
  } else if (one.id == "U18") {
    Bench bench("/prefix?q=1#f");  // No part of the endpoint is dropped silently.
    EXPECT_THROW(bench.client(), ChromaHttpClientOptionsError);
  } else if (one.id == "U19") {
    const auto url = transport::parse_url("https://user:pw@h.example:443/p");
    EXPECT_EQ(url.origin.to_string(), "https://h.example:443");
    EXPECT_EQ(url.origin.host_header(), "h.example");
    EXPECT_EQ(url.user + ":" + url.password, "user:pw");
    EXPECT_EQ(url.path, "/p");
  } else if (one.id == "U20") {
    const auto url = transport::parse_url("HTTP://EXAMPLE.com:80");
    EXPECT_EQ(url.origin.host_header(), "example.com");
    EXPECT_EQ(url.origin.port, 80);
  } else if (one.id == "U22") {
    Bench bench;
    auto handle = bench.collection();
    bench.run(handle.modify("other"));
    EXPECT_EQ(bench.server.only().target,
              std::string("/api/v2/tenants/tn1/databases/db1/collections/") + collection_id);
  } else if (one.id == "U23") {
    Bench bench;
    bench.options.tenant_id = "";
    EXPECT_NE(bench.text_of(bench.client().list_databases()).find("Validation error: tenant_id"),
              std::string::npos);
    EXPECT_TRUE(bench.server.received().empty());
  } else {
    check_name(one, "");
  }
}

void expect_target(const std::string& name, const std::string& last) {
  Bench bench;
  bench.server.respond(Reply(200, collection_json()));
  bench.run(bench.client().get_collection(name));
  EXPECT_EQ(bench.server.only().target, in_database + last);
}

void search_body(const golden::Case& one) {
  Bench bench;
  const auto handle = bench.collection();
  bench.server.respond(
      Reply(200, R"({"ids":[],"documents":[],"embeddings":[],"metadatas":[],"scores":[],"select":[]})"));
  bench.run(handle.search(SearchPayload().limit(100, 0).select(Key::Document, Key::Metadata)));
  const auto request = bench.server.only();
  auto expected = nlohmann::json::parse(between(one.expect, "body `", "`"));
  // Differs from the crate: the order of the selection is kept.
  expected["searches"][0]["select"]["keys"] = {"#document", "#metadata"};
  EXPECT_EQ(nlohmann::json::parse(request.body), expected);
  EXPECT_EQ(request.header("content-type"), "application/json");
}

void count_request(const golden::Case&) {
  Bench bench;
  const auto handle = bench.collection();
  bench.server.respond(Reply(200, "0"));
  bench.run(handle.count());
  const auto request = bench.server.only();
  EXPECT_EQ(request.method, "GET");
  EXPECT_TRUE(request.target.ends_with("/count?read_level=index_and_wal")) << request.target;
  EXPECT_EQ(request.body + request.header("content-type"), "");
}

/// Sends the same response to every heartbeat. Returns the requests and the text of the error.
void expect_failure(const Reply& reply, std::size_t requests, const std::string& text) {
  Bench bench;
  bench.server.respond(reply);
  const auto said = bench.text_of(bench.client().heartbeat());
  EXPECT_EQ(bench.server.received().size(), requests);
  EXPECT_NE(said.find(text), std::string::npos) << said;
}

void dropped_connections(const golden::Case&) {
  RawServer server([](RawSession& session) { session.read_request(); });
  Bench bench;
  bench.options.endpoint = "http://127.0.0.1:" + std::to_string(server.port());
  std::atomic<int> attempts = 0;
  bench.options.observer = [&](const AttemptEvent&) { ++attempts; };
  const auto said = bench.text_of(bench.client().heartbeat());
  EXPECT_EQ(attempts, 4);
  EXPECT_NE(said.find("Request error: "), std::string::npos) << said;
}

void prefix_kept(const golden::Case&) {
  Bench bench("/prefix");
  bench.server.respond(Reply(200, R"({"nanosecond heartbeat":1})"));
  bench.run(bench.client().heartbeat());
  EXPECT_EQ(bench.server.only().target, "/prefix/api/v2/heartbeat");
}

void embeddings_checked(const golden::Case&) {
  Bench bench;
  const auto handle = bench.collection();
  const std::vector<std::string> id = {"a"};
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const std::string not_finite = "embeddings: Embeddings must not contain NaN or Infinity values";
  const std::string empty = "embeddings: Each embedding must have at least 1 dimension";
  const auto added = bench.text_of(handle.add(AddRequest(id, Embeddings::row({1, nan}))));
  EXPECT_NE(added.find(not_finite), std::string::npos) << added;
  const auto updated = bench.text_of(handle.update(UpdateRequest(id, Embeddings::row({nan}))));
  EXPECT_NE(updated.find(not_finite), std::string::npos) << updated;
  const std::vector<std::vector<float>> no_dimension = {{}};
  const auto emptied = bench.text_of(handle.update(UpdateRequest(id, Embeddings(no_dimension))));
  EXPECT_NE(emptied.find(empty), std::string::npos) << emptied;
  EXPECT_TRUE(bench.server.received().empty());
}

/// Differs from the crate: each fault is on a line of its own, and the error names the indices.
void faults_of_several_searches(const golden::Case& one) {
  const auto bad_group = GroupBy({Key("c")}, std::nullopt);
  const auto bad_knn = Knn(SparseVector::unchecked({5, 1}, {1, 2}));
  const SearchRequest request(
      {SearchPayload().rank(bad_knn).group_by(bad_group), SearchPayload().group_by(bad_group)});
  auto said = golden::outcome([&] { request.validate(); });
  std::erase(said, '\n');
  said.replace(said.find(": 1 follows 5"), std::string(": 1 follows 5").size(), "");
  EXPECT_EQ(said, "ERR " + one.expect);
}

using Act = std::function<void(const golden::Case&)>;

const std::map<std::string, Act>& wire_cases() {
  static const std::map<std::string, Act> all = {
      {"X01", [](const auto&) { expect_target("../../dbx", "..%2F..%2Fdbx"); }},
      {"X02", [](const auto&) { expect_target("a/b?x=1#y", "a%2Fb%3Fx%3D1%23y"); }},
      {"X03", search_body},
      {"X04", count_request},
      {"X05",
       [](const auto&) {
         expect_failure(Reply(503, "busy", "text/plain"), 4, "busy (503 Service Unavailable)");
       }},
      {"X06",
       [](const auto&) {
         expect_failure(Reply(429, R"({"error":"ChromaError","message":"slow"})"), 4,
                        "API error: ChromaError: slow (429 Too Many Requests)");
       }},
      {"X07", [](const auto&) { expect_failure(Reply(400, R"({"foo":1})"), 1, "(400 Bad Request)"); }},
      {"X08", [](const auto&) { expect_failure(Reply(200, "hello"), 1, "Request error: "); }},
      {"X09", [](const auto&) { expect_failure(Reply(200, ""), 1, "Request error: "); }},
      {"X10",
       [](const auto& one) {
         expect_failure(Reply(200, R"({"x":1})"), 1, golden::in_own_words(one.expect));
       }},
      {"X11", dropped_connections},
      {"X12", prefix_kept},
      {"X21", embeddings_checked},
      {"X22", faults_of_several_searches},
  };
  return all;
}

void check_wire(const golden::Case& one) {
  const auto act = wire_cases().find(one.id);
  ASSERT_NE(act, wire_cases().end()) << "nothing is sent for " << one.text;
  act->second(one);
}

const bool registered =
    golden::add_section("U", "Urls", check_url) && golden::add_section("X", "Failures", check_wire);

}  // namespace
}  // namespace golden::urls_and_failures_cases
