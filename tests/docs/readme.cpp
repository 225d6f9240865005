// Compiles the code of README.md that is in no example and tests that it does what the page says.
#include "docs/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <iostream>
#include <vector>

namespace asio = boost::asio;

namespace readme_page {
namespace {

asio::awaitable<void> by_coroutine(chroma::ChromaCollection colors, chroma::QueryRequest question) {
  auto found = co_await colors.query(question);
  for (auto row : found.rows()) std::cout << row.id << '\n';
}

void by_blocking(chroma::Runtime& runtime, chroma::ChromaCollection colors, chroma::QueryRequest question) {
  auto found = runtime.block_on(colors.query(question));
  for (auto row : found.rows()) std::cout << row.id << '\n';
}

void by_callback(chroma::Runtime& runtime, chroma::ChromaCollection colors, chroma::QueryRequest question) {
  runtime.submit(colors.query(question), [](chroma::Result<chroma::QueryResponse> found) {
    if (found.has_value()) std::cout << found->ids.at(0).at(0) << '\n';
  });
}

using namespace chroma;

class Readme : public test::PageTest {};

TEST_F(Readme, CoroutineBlockingCallback) {
  const auto collection = colors();
  const auto question = QueryRequest({{1, 0, 0}}).n_results(1);
  EXPECT_EQ(test::printed([&] { run(by_coroutine(collection, question)); }), "red\n");
  EXPECT_EQ(test::printed([&] { by_blocking(runtime, collection, question); }), "red\n");
  const auto text = test::printed([&] {
    by_callback(runtime, collection, question);
    runtime.drain();
  });
  EXPECT_EQ(text, "red\n");
}

}  // namespace
}  // namespace readme_page
