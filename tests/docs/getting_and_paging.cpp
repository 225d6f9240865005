// The code of docs/getting-and-paging.md and docs/single-node-server.md, and that it does what the pages say.
#include "client/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <iostream>

namespace asio = boost::asio;

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
using test::Received;
using test::Reply;

class GettingPage : public test::ClientTest {};

TEST_F(GettingPage, ById) {
  auto movies = collection();
  server.answer(Reply(200, R"({"ids":["m1","m2"],"documents":["A heist.",null],"uris":[null,null],)"
                           R"("include":["documents","uris"]})"));
  EXPECT_EQ(test::printed([&] { run(print_some(movies)); }), "m1: A heist.\nm2: no document\n");
  const auto sent = nlohmann::json::parse(server.only().body);
  EXPECT_EQ(sent.at("ids"), nlohmann::json::parse(R"(["m1","m2"])"));
  EXPECT_EQ(sent.at("include"), nlohmann::json::parse(R"(["documents","uris"])"));
}

TEST_F(GettingPage, AllRecordsByPages) {
  auto movies = collection();
  const std::size_t records = 7;
  server.answer([&](const Received& request) {
    const std::size_t offset = nlohmann::json::parse(request.body).at("offset");
    nlohmann::json ids = nlohmann::json::array();
    // A server may return fewer records than the limit: two at a time.
    for (std::size_t i = offset; i < std::min(offset + 2, records); ++i) ids.push_back(std::to_string(i));
    return Reply(200, nlohmann::json{{"ids", ids}, {"include", nlohmann::json::array()}}.dump());
  });
  std::size_t pages = 0;
  EXPECT_EQ(run(visit_all(movies, [&](const GetResponse&) { ++pages; })), records);
  EXPECT_EQ(pages, 4U);
}

TEST_F(GettingPage, ASingleNodeServerCannotSearch) {
  auto movies = collection();
  server.answer(Reply(501, R"({"error":"ChromaError","message":"not implemented for local executor"})"));
  EXPECT_FALSE(run(can_search(movies)));
  server.answer(Reply(400, R"({"error":"InvalidArgumentError","message":"x"})"));
  EXPECT_EQ(fail(can_search(movies)).status(), 400);
}

}  // namespace
