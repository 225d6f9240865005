// The code of docs/coroutines-gcc12.md, and that it does what the page says.
#include "client/fixture.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace {

struct Options {
  std::string name;
  bool twice = false;
};

asio::awaitable<std::string> with_label(std::function<std::string()> label) {
  co_return label();
}

asio::awaitable<std::pair<int, int>> two_numbers() {
  co_return std::pair(1, 2);
}

asio::awaitable<void> store(chroma::ChromaCollection colors, Options options) {
  chroma::UpsertRequest records({options.name}, {{1, 0, 0}});
  co_await colors.upsert(records);
  if (options.twice) co_await colors.upsert(records);
}

asio::awaitable<std::size_t> choose(chroma::ChromaCollection colors, bool all, chroma::GetRequest everything,
                                    chroma::GetRequest some) {
  chroma::GetRequest request = all ? everything : some;
  auto found = co_await colors.get(request);
  co_return found.ids.size();
}

asio::awaitable<std::string> logged(std::string name) {
  auto label = [name] { return "collection " + name; };
  co_return co_await with_label(label);
}

asio::awaitable<void> store_red(chroma::ChromaCollection colors) {
  Options options{.name = "red", .twice = true};
  co_await store(colors, options);
}

asio::awaitable<void> upsert_red(chroma::ChromaCollection colors) {
  chroma::UpsertRequest records({"red"}, {{1, 0, 0}});
  records.documents({"a tomato"});
  co_await colors.upsert(records);
}

asio::awaitable<std::size_t> two_of_them(chroma::ChromaCollection colors) {
  auto found =
      co_await colors.get(chroma::GetRequest().ids("red", "green").include(chroma::Include::Document));
  co_return found.ids.size();
}

asio::awaitable<int> sum() {
  auto both = co_await two_numbers();
  auto& [first, second] = both;
  co_return first + second;
}

using namespace chroma;
using test::Reply;

class CoroutinesPage : public test::ClientTest {
 protected:
  [[nodiscard]] nlohmann::json sent() const { return nlohmann::json::parse(server.only().body); }
};

TEST_F(CoroutinesPage, AConditionBeforeTheStatement) {
  auto colors = collection();
  server.answer(Reply(200, R"({"ids":["red"],"include":[]})"));
  EXPECT_EQ(run(choose(colors, false, GetRequest(), GetRequest().ids("red"))), 1U);
  EXPECT_EQ(sent().at("ids"), nlohmann::json::array({"red"}));
}

TEST_F(CoroutinesPage, ALambdaAndAStructuredBinding) {
  EXPECT_EQ(run(logged("colors")), "collection colors");
  EXPECT_EQ(run(sum()), 3);
}

TEST_F(CoroutinesPage, AnAggregateAndABracedList) {
  auto colors = collection();
  server.answer(Reply(201, "{}"));
  run(store_red(colors));
  EXPECT_EQ(server.received().size(), 2U);
  server.forget();
  run(upsert_red(colors));
  EXPECT_EQ(sent().at("documents"), nlohmann::json::array({"a tomato"}));
}

TEST_F(CoroutinesPage, SettersWithSeveralArguments) {
  auto colors = collection();
  server.answer(Reply(200, R"({"ids":["red","green"],"include":["documents"]})"));
  EXPECT_EQ(run(two_of_them(colors)), 2U);
  EXPECT_EQ(sent().at("ids"), nlohmann::json::array({"red", "green"}));
}

}  // namespace
