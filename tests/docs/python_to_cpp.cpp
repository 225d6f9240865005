// Compiles the code of docs/python-to-cpp.md and tests that it does what the page says.
#include "docs/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace python_to_cpp_page {
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
  records.documents("A heist.", "A farewell.").metadatas(years);
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

  EXPECT_EQ(recent.ids, std::vector<std::string>{"m1"});
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(first.ids.size(), 1U);
}

using namespace chroma;

class PythonPage : public test::PageTest {};

TEST_F(PythonPage, TenCalls) {
  const auto text = test::printed([&] { run(ten_calls(runtime.executor(), server.endpoint())); });
  EXPECT_EQ(text, "A heist.\nm1 0.02\nmovies\n");
  EXPECT_EQ(nlohmann::json::parse(sent("create_collection")).at("metadata").dump(), R"({"kind":"demo"})");
  EXPECT_EQ(run(client.count_collections()), 0U);
}

}  // namespace
}  // namespace python_to_cpp_page
