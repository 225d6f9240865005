// Compiles the code of docs/getting-and-paging.md and docs/single-node-server.md and tests that it does what
// the pages say.
#include "docs/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;

namespace getting_and_paging_page {
namespace {

asio::awaitable<void> print_some(chroma::ChromaCollection movies) {
  auto request =
      chroma::GetRequest().ids("m1", "m2").include(chroma::Include::Document, chroma::Include::Uri);
  auto found = co_await movies.get(request);
  for (auto row : found.rows()) std::cout << row.id << ": " << row.document.value_or("no document") << '\n';
}

asio::awaitable<std::size_t> visit_all(chroma::ChromaCollection movies,
                                       std::function<void(const chroma::GetResponse&)> visit) {
  std::size_t seen = 0;
  for (;;) {
    chroma::GetRequest request;
    request.limit(300).offset(seen);
    auto page = co_await movies.get(request);
    if (page.ids.empty()) co_return seen;
    visit(page);
    seen += page.ids.size();
  }
}

asio::awaitable<bool> can_search(chroma::ChromaCollection collection) {
  auto found = co_await chroma::as_result(collection.search(chroma::SearchPayload().limit(1)));
  if (found.has_value()) co_return true;
  if (found.error().status() == 501) co_return false;
  throw found.error();
}

using namespace chroma;

class GettingPage : public test::PageTest {
 protected:
  ChromaCollection movies() { return run(client.create_collection("movies")); }
};

TEST_F(GettingPage, ById) {
  const auto collection = movies();
  AddRequest records({"m1", "m2", "m3"}, {{1, 0}, {0, 1}, {1, 1}});
  run(collection.add(records.documents({"A heist.", std::nullopt, "A farewell."})));
  EXPECT_EQ(test::printed([&] { run(print_some(collection)); }), "m1: A heist.\nm2: no document\n");
  const auto request = nlohmann::json::parse(sent("collection_get"));
  EXPECT_EQ(request.at("include"), nlohmann::json::parse(R"(["documents","uris"])"));
}

TEST_F(GettingPage, AllRecordsByPages) {
  const auto collection = movies();
  std::vector<std::string> ids;
  for (int i = 0; i < 700; ++i) ids.push_back("m" + std::to_string(i));
  run(collection.add(AddRequest(ids, Embeddings(std::vector<float>(700, 1.0F), 1))));
  std::vector<std::size_t> pages;
  EXPECT_EQ(run(visit_all(collection, [&](const GetResponse& page) { pages.push_back(page.ids.size()); })),
            ids.size());
  EXPECT_EQ(pages, (std::vector<std::size_t>{300, 300, 100}));
  EXPECT_EQ(server.calls("collection_get"), 4U);
}

TEST_F(GettingPage, ASingleNodeServerCannotSearch) {
  const auto collection = movies();
  EXPECT_FALSE(run(can_search(collection)));
  server.inject(chroma::testing::Fault::respond(400));
  EXPECT_EQ(fail(can_search(collection)).status(), 400);
}

}  // namespace
}  // namespace getting_and_paging_page
