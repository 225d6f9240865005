// Compiles and runs the code of docs/testing.md.
#include <chroma/chroma.hpp>
#include <chroma/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace testing_page {
namespace {

namespace asio = boost::asio;

// A class under test: it uses the client.
class Library {
 public:
  explicit Library(chroma::ChromaCollection books) : books_(std::move(books)) {}

  asio::awaitable<std::string> closest(std::vector<float> taste) const {
    auto request = chroma::QueryRequest(std::move(taste)).n_results(1);
    const auto found = co_await books_.query(std::move(request));
    co_return found.ids.at(0).empty() ? "nothing" : found.ids[0][0];
  }

 private:
  chroma::ChromaCollection books_;
};

class LibraryTest : public testing::Test {
 protected:
  chroma::ChromaCollection books() {
    const auto collection = runtime.block_on(client.get_or_create_collection("books"));
    const chroma::Embeddings embeddings({{1.0F, 0.0F}, {0.0F, 1.0F}});
    runtime.block_on(collection.upsert(chroma::UpsertRequest({"dune", "emma"}, embeddings)));
    return collection;
  }

  chroma::testing::FakeServer server;
  chroma::Runtime runtime;
  chroma::ChromaHttpClient client{runtime.executor(), server.options()};
};

TEST_F(LibraryTest, FindsTheClosestBook) {
  const Library library(books());
  EXPECT_EQ(runtime.block_on(library.closest({0.9F, 0.2F})), "dune");
}

TEST_F(LibraryTest, IsPatientWithABusyServer) {
  const Library library(books());
  using chroma::testing::Fault;
  server.inject(Fault::respond(503).operation("collection_query").times(2));
  EXPECT_EQ(runtime.block_on(library.closest({0.9F, 0.2F})), "dune");
  EXPECT_EQ(server.calls("collection_query"), 3U);
}

TEST_F(LibraryTest, EveryKindOfFault) {
  using chroma::testing::Fault;
  using namespace std::chrono_literals;
  server.inject(Fault::respond(429).retry_after(1s));  // The next request, whichever it is.
  server.inject(Fault::respond(403).body("not today", "text/plain").path("/collections/secret"));
  server.inject(Fault::delay(200ms).operation("heartbeat"));             // Processed, then sent later.
  server.inject(Fault::drop().operation("collection_add").nth(3));       // Closed, not processed.
  server.inject(Fault::drop_response().operation("collection_upsert"));  // Processed, then closed.
  server.reset();
  EXPECT_TRUE(server.calls().empty());
}

TEST_F(LibraryTest, AsksForOneResult) {
  const Library library(books());
  runtime.block_on(library.closest({0.9F, 0.2F}));
  const auto request = server.requests().back();
  EXPECT_EQ(request.operation, "collection_query");
  EXPECT_NE(request.body.find("\"n_results\":1"), std::string::npos);
}

// An interface of the program, with one implementation that uses the client.
class BookFinder {
 public:
  virtual ~BookFinder() = default;
  virtual asio::awaitable<std::vector<std::string>> near(std::vector<float> taste) const = 0;
};

class ChromaBookFinder final : public BookFinder {
 public:
  explicit ChromaBookFinder(chroma::ChromaCollection books) : books_(std::move(books)) {}

  asio::awaitable<std::vector<std::string>> near(std::vector<float> taste) const override {
    auto request = chroma::QueryRequest(std::move(taste)).n_results(10);
    auto found = co_await books_.query(std::move(request));
    co_return std::move(found.ids.at(0));
  }

 private:
  chroma::ChromaCollection books_;
};

class FixedBookFinder final : public BookFinder {
 public:
  asio::awaitable<std::vector<std::string>> near(std::vector<float>) const override {
    co_return std::vector<std::string>{"dune", "emma"};
  }
};

asio::awaitable<std::string> recommendation(const BookFinder& finder) {
  std::vector<float> taste = {1.0F, 0.0F};
  const auto books = co_await finder.near(std::move(taste));
  co_return books.empty() ? "a walk" : "read " + books.front();
}

TEST_F(LibraryTest, BothFindersRecommend) {
  const FixedBookFinder fixed;
  const ChromaBookFinder real(books());
  EXPECT_EQ(runtime.block_on(recommendation(fixed)), "read dune");
  EXPECT_EQ(runtime.block_on(recommendation(real)), "read dune");
}

}  // namespace
}  // namespace testing_page
