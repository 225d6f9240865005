#include "embed/hugging_face/permits.hpp"

#include "embed/failures.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <future>
#include <map>
#include <memory>
#include <vector>

namespace {

namespace asio = boost::asio;
using chroma::embed::hugging_face::Permits;
using Clock = chroma::transport::Clock;

/// Coroutines that take permits and hold them until `release`.
class PermitsTest : public testing::Test {
 protected:
  asio::awaitable<void> take(int name, std::size_t count, Clock::time_point deadline) {
    auto lease = co_await Permits::take(permits, count, deadline);
    leases.emplace(name, std::move(lease));
    served.push_back(name);
  }
  void start(int name, std::size_t count, Clock::time_point deadline = Clock::time_point::max()) {
    const auto ended = [this, name](std::exception_ptr failure) {
      if (failure) failures[name] = std::move(failure);
    };
    asio::co_spawn(context, take(name, count, deadline),
                   asio::bind_cancellation_slot(signals[name].slot(), ended));
    poll();
  }
  void cancel(int name) { signals[name].emit(asio::cancellation_type::terminal); }
  void release(int name) {
    leases.erase(name);
    poll();
  }
  void poll() {
    context.restart();
    context.poll();
  }

  asio::io_context context;
  std::shared_ptr<Permits> permits = std::make_shared<Permits>(8);
  std::map<int, asio::cancellation_signal> signals;
  std::map<int, Permits::Lease> leases;
  std::map<int, std::exception_ptr> failures;
  std::vector<int> served;
};

TEST_F(PermitsTest, AreGivenInTheOrderInWhichTheyAreAskedFor) {
  start(0, 4);
  start(1, 3);
  start(2, 5);
  start(3, 1);  // One permit is free, but 2 asked before.
  EXPECT_EQ(served, (std::vector{0, 1}));
  release(1);
  EXPECT_EQ(served, (std::vector{0, 1}));
  release(0);
  EXPECT_EQ(served, (std::vector{0, 1, 2, 3}));
}

TEST_F(PermitsTest, MoreThanThereAreMeansAll) {
  start(0, 1);
  start(1, 100);
  start(2, 1);
  EXPECT_EQ(served, (std::vector{0}));
  release(0);
  EXPECT_EQ(served, (std::vector{0, 1}));
  release(1);
  EXPECT_EQ(served, (std::vector{0, 1, 2}));
}

TEST_F(PermitsTest, TheirNumberCanChange) {
  start(0, 8);
  start(1, 4);
  start(2, 4);
  permits->set_total(12);
  poll();
  EXPECT_EQ(served, (std::vector{0, 1}));
  permits->set_total(4);
  release(0);
  EXPECT_EQ(served, (std::vector{0, 1}));
  release(1);
  EXPECT_EQ(served, (std::vector{0, 1, 2}));
}

TEST_F(PermitsTest, ACancelledClaimLetsTheNextOnePass) {
  start(0, 4);
  start(1, 8);
  start(2, 4);
  cancel(1);
  poll();
  ASSERT_TRUE(failures.contains(1));
  try {
    std::rethrow_exception(failures[1]);
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::operation_aborted);
  }
  EXPECT_EQ(served, (std::vector{0, 2}));
}

TEST_F(PermitsTest, PermitsOfACallThatIsCancelledBeforeItRunsAreReturned) {
  start(0, 8);
  start(1, 8);
  start(2, 8);
  leases.clear();  // The permits are those of 1, which has not run yet.
  cancel(1);
  poll();
  leases.erase(1);
  poll();
  EXPECT_EQ(served.back(), 2);
}

TEST_F(PermitsTest, AClaimEndsAtItsDeadline) {
  start(0, 8);
  start(1, 1, Clock::now());
  context.restart();
  context.run();
  const auto error = chroma::test::error_of([&] { std::rethrow_exception(failures.at(1)); });
  ASSERT_TRUE(error.is<chroma::RequestError>());
  EXPECT_EQ(error.get_if<chroma::RequestError>()->stage, chroma::Stage::timeout);
  start(2, 8);
  release(0);
  EXPECT_EQ(served, (std::vector{0, 2}));
}

asio::awaitable<void> hold(std::shared_ptr<Permits> permits, std::size_t count) {
  const auto lease = co_await Permits::take(permits, count, Clock::time_point::max());
  asio::steady_timer never(co_await asio::this_coro::executor, Clock::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

TEST_F(PermitsTest, TheEndOfAContextReturnsWhatItsCoroutinesHold) {
  auto other = std::make_unique<asio::io_context>();
  asio::co_spawn(*other, hold(permits, 8), asio::detached);
  asio::co_spawn(*other, hold(permits, 8), asio::detached);
  other->poll();
  start(0, 8);
  EXPECT_TRUE(served.empty());
  other.reset();
  poll();
  EXPECT_EQ(served, (std::vector{0}));
}

asio::awaitable<void> use(std::shared_ptr<Permits> permits, std::size_t count, std::atomic<std::size_t>& used,
                          std::atomic<bool>& exceeded) {
  for (int round = 0; round < 20; ++round) {
    const auto lease = co_await Permits::take(permits, count, Clock::time_point::max());
    if ((used += count) > 8) exceeded = true;
    co_await asio::post(asio::use_awaitable);
    used -= count;
  }
}

TEST_F(PermitsTest, AreNeverExceededOnManyThreads) {
  std::atomic<std::size_t> used = 0;
  std::atomic<bool> exceeded = false;
  asio::thread_pool pool(4);
  std::vector<std::future<void>> calls;
  for (std::size_t i = 0; i < 12; ++i) {
    calls.push_back(
        asio::co_spawn(asio::make_strand(pool), use(permits, i % 5 + 1, used, exceeded), asio::use_future));
  }
  for (auto& call : calls) call.get();
  EXPECT_FALSE(exceeded);
}

TEST_F(PermitsTest, AreReturnedWhenCallsAreCancelledOnManyThreads) {
  asio::thread_pool pool(4);
  std::deque<asio::cancellation_signal> cancels;
  std::vector<asio::strand<asio::thread_pool::executor_type>> strands;
  for (std::size_t i = 0; i < 40; ++i) {
    strands.push_back(asio::make_strand(pool));
    asio::co_spawn(strands.back(), hold(permits, i % 5 + 1),
                   asio::bind_cancellation_slot(cancels.emplace_back().slot(), [](std::exception_ptr) {}));
  }
  for (std::size_t i = 0; i < cancels.size(); ++i) {
    asio::post(strands[i], [&cancel = cancels[i]] { cancel.emit(asio::cancellation_type::terminal); });
  }
  pool.join();
  start(0, 8);
  EXPECT_EQ(served, (std::vector{0}));
}

}  // namespace
