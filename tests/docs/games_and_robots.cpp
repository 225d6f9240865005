// Compiles the code of docs/games-and-robots.md and tests that it does what the page says.
#include "docs/fixture.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace games_and_robots_page {
namespace {

class Memory {
 public:
  explicit Memory(chroma::ChromaHttpClientOptions options)
      : client_(runtime_.executor(), std::move(options)) {}

  void start() {
    opened_ = runtime_.submit(client_.with_timeout(std::chrono::seconds(10)).get_collection("places"));
  }

  /// Called once per frame; never waits.
  bool is_ready() {
    if (opened_.valid() && opened_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      places_ = opened_.get();
    }
    return !places_.id().empty();
  }

 private:
  chroma::Runtime runtime_;
  chroma::ChromaHttpClient client_;
  std::future<chroma::ChromaCollection> opened_;
  chroma::ChromaCollection places_;
};

class Recall {
 public:
  Recall(chroma::Runtime& runtime, chroma::ChromaCollection places)
      : runtime_(runtime), places_(std::move(places)) {}

  void ask(std::vector<float> seen) {
    auto request = chroma::QueryRequest(std::move(seen)).n_results(1);
    auto inbox = inbox_;
    runtime_.submit(places_.query(std::move(request)), [inbox](chroma::Result<chroma::QueryResponse> found) {
      const std::lock_guard lock(inbox->mutex);
      if (found.has_value()) inbox->found.push_back(std::move(*found));
    });
  }

  /// Called once per frame: what has come since the last.
  std::vector<chroma::QueryResponse> take() {
    const std::lock_guard lock(inbox_->mutex);
    return std::exchange(inbox_->found, {});
  }

 private:
  struct Inbox {
    std::mutex mutex;
    std::vector<chroma::QueryResponse> found;
  };
  chroma::Runtime& runtime_;
  chroma::ChromaCollection places_;
  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
};

using namespace chroma;

class GamesPage : public test::PageTest {};

TEST_F(GamesPage, AFutureThatIsLookedAt) {
  run(client.create_collection("places"));
  Memory memory(server.options());
  EXPECT_FALSE(memory.is_ready());
  memory.start();
  while (!memory.is_ready()) std::this_thread::yield();
  EXPECT_EQ(server.calls("get_collection"), 1U);
}

TEST_F(GamesPage, ACallbackThatHandsOver) {
  Recall recall(runtime, colors());
  EXPECT_TRUE(recall.take().empty());
  recall.ask({1, 0, 0});
  runtime.drain();
  const auto found = recall.take();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].ids.at(0).at(0), "red");
  EXPECT_TRUE(recall.take().empty());
}

}  // namespace
}  // namespace games_and_robots_page
