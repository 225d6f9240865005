// Compiles the code of docs/coroutines-gcc12.md and tests that it does what the page says.
#include "docs/fixture.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace coroutines_gcc12_page {
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
  records.documents("a tomato");
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

class CoroutinesPage : public test::PageTest {};

TEST_F(CoroutinesPage, AConditionBeforeTheStatement) {
  const auto collection = colors();
  EXPECT_EQ(run(choose(collection, false, GetRequest(), GetRequest().ids("red"))), 1U);
  EXPECT_EQ(run(choose(collection, true, GetRequest(), GetRequest().ids("red"))), 3U);
}

TEST_F(CoroutinesPage, ALambdaAndAStructuredBinding) {
  EXPECT_EQ(run(logged("colors")), "collection colors");
  EXPECT_EQ(run(sum()), 3);
}

TEST_F(CoroutinesPage, AnAggregateAndABracedList) {
  const auto collection = run(client.create_collection("colors"));
  run(store_red(collection));
  EXPECT_EQ(server.calls("collection_upsert"), 2U);
  run(upsert_red(collection));
  EXPECT_EQ(run(collection.get(GetRequest().ids("red"))).documents->at(0), "a tomato");
}

TEST_F(CoroutinesPage, SettersWithSeveralArguments) {
  EXPECT_EQ(run(two_of_them(colors())), 2U);
}

}  // namespace
}  // namespace coroutines_gcc12_page
