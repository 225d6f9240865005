// The code of docs/python-to-cpp.md, and that it sends what the page says.
#include "client/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> ten_calls(asio::any_io_executor executor, std::string url) {
  auto client = chroma::ChromaHttpClient(executor, chroma::ChromaHttpClientOptions::local(url));
  co_await client.heartbeat();

  chroma::Metadata about;
  about["kind"] = "demo";
  auto movies = co_await client.get_or_create_collection("movies", std::nullopt, about);

  std::vector<chroma::Metadata> years(2);
  years[0]["year"] = 1995;
  years[1]["year"] = 1942;
  chroma::AddRequest records({"m1", "m2"}, {{1, 0}, {0, 1}});
  records.documents({"A heist.", "A farewell."}).metadatas(years);
  co_await movies.add(records);

  auto found = co_await movies.get(chroma::GetRequest().ids("m1"));
  for (auto row : found.rows()) std::cout << *row.document << '\n';

  auto recent = co_await movies.get(chroma::GetRequest().where(chroma::Key("year") >= 1990).limit(10));

  chroma::QueryRequest question({{0.9F, 0.1F}});
  auto nearest = co_await movies.query(question.n_results(1));
  for (auto row : nearest.rows()) std::cout << row.id << ' ' << *row.distance << '\n';

  std::vector<chroma::UpdateMetadata> seen(1);
  seen[0]["seen"] = true;
  chroma::UpdateRequest change({"m1"});
  co_await movies.update(change.metadatas(seen));

  co_await movies.delete_records(chroma::DeleteRequest().where(chroma::Key("year") < 1950));

  auto count = co_await movies.count();
  auto first = co_await movies.peek(5);

  auto all = co_await client.list_collections();
  for (const auto& each : all) std::cout << each.name() << '\n';
  co_await client.delete_collection("movies");

  if (count != 2 || first.ids.size() != 2) std::cout << "unexpected\n";
}

using namespace chroma;
using test::Received;
using test::Reply;

Reply respond(const Received& request) {
  const auto ends_with = [&](const char* suffix) { return request.target.ends_with(suffix); };
  if (ends_with("/heartbeat")) return Reply(200, R"({"nanosecond heartbeat":1})");
  if (ends_with("/pre-flight-checks"))
    return Reply(200, R"({"max_batch_size":5461,"supports_base64_encoding":true})");
  if (ends_with("/add")) return Reply(201, "{}");
  if (ends_with("/query"))
    return Reply(200, R"({"ids":[["m1"]],"distances":[[0.5]],"include":["distances"]})");
  if (ends_with("/get")) {
    return request.body.find("\"limit\":5") != std::string::npos
               ? Reply(200, R"({"ids":["m1","m2"],"include":[]})")
               : Reply(200, R"({"ids":["m1"],"documents":["A heist."],"include":["documents"]})");
  }
  if (ends_with("/count?read_level=index_and_wal")) return Reply(200, "2");
  if (ends_with("/collections") && request.method == "POST")
    return Reply(200, test::collection_json("movies"));
  if (request.method == "GET") {
    return request.target.find("offset=0") != std::string::npos ||
                   request.target.find("offset") == std::string::npos
               ? Reply(200, "[" + test::collection_json("movies") + "]")
               : Reply(200, "[]");
  }
  return Reply(200, "{}");
}

TEST(PythonPage, TenCalls) {
  test::MockServer server(respond);
  Runtime runtime;
  const auto text = test::printed([&] { runtime.block_on(ten_calls(runtime.executor(), server.url())); });
  EXPECT_EQ(text, "A heist.\nm1 0.5\nmovies\n");
  std::vector<std::string> bodies;
  for (const auto& request : server.received()) bodies.push_back(request.body);
  EXPECT_EQ(nlohmann::json::parse(bodies.at(1)).at("metadata"), nlohmann::json::parse(R"({"kind":"demo"})"));
}

}  // namespace
