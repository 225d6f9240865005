#include "transport/connection_pool.hpp"

#include "support/scripted_stream.hpp"

#include <chroma/result.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace chroma::transport {
namespace {

using namespace std::chrono_literals;
using test::ConnectionScript;
using test::ScriptedNetwork;

class PoolTest : public testing::Test {
 protected:
  void make(std::size_t max_connections, std::size_t responses_each = 10) {
    ConnectionScript script;
    script.reads.assign(responses_each, ScriptedNetwork::response("x"));
    network->scripts.assign(20, script);
    PoolOptions options;
    options.max_connections = max_connections;
    options.idle_timeout = 30s;
    options.now = [this] { return now; };
    options.make_connection = [this] {
      return std::make_shared<Connection>(context.get_executor(), "server:1", ResponseLimits());
    };
    options.schedule = schedule;
    options.process = [this] { return process; };
    pool = std::make_shared<ConnectionPool>(std::move(options));
  }

  /// One request on the lease's connection. @return whether the connection was reused
  bool use(const Lease& lease) {
    const WireRequest request{"GET / HTTP/1.1\r\n\r\n", {}};
    const Job job{request, *connector, watchdog, Clock::time_point::max(), Clock::time_point::max()};
    Outcome outcome;
    auto done = asio::co_spawn(context, lease.connection().perform(job, outcome), asio::use_future);
    poll();
    done.get();
    EXPECT_FALSE(outcome.error);
    return outcome.connection_reused;
  }

  void queue(int number, Clock::time_point deadline = Clock::time_point::max()) {
    asio::co_spawn(context, take(number, deadline),
                   asio::bind_cancellation_slot(signals[number].slot(), asio::detached));
    poll();
  }

  asio::awaitable<void> take(int number, Clock::time_point deadline) {
    try {
      auto lease = co_await ConnectionPool::take(pool, deadline);
      if (lease) {
        served.push_back(number);
        leases.push_back(*std::move(lease));
      } else {
        late.push_back(number);
      }
    } catch (const boost::system::system_error&) {
      cancelled.push_back(number);
    }
  }

  void run() {
    context.restart();
    context.run();
  }
  void poll() {
    context.restart();
    context.poll();
  }
  void release() {
    leases.erase(leases.begin());
    poll();
  }

  asio::io_context context;
  std::shared_ptr<ScriptedNetwork> network = std::make_shared<ScriptedNetwork>();
  std::unique_ptr<Connector> connector = test::make_scripted_connector(network);
  std::shared_ptr<Watchdog> watchdog = std::make_shared<Watchdog>(context.get_executor());
  Clock::time_point now = Clock::now();
  std::function<void(Clock::time_point, std::function<void()>)> schedule;
  std::size_t process = 0;
  std::shared_ptr<ConnectionPool> pool;
  std::map<int, asio::cancellation_signal> signals;
  std::vector<int> served;
  std::vector<int> late;
  std::vector<int> cancelled;
  std::vector<Lease> leases;
};

TEST_F(PoolTest, KeepsAConnectionAndUsesTheYoungestFirst) {
  make(5);
  {
    auto first = pool->try_take();
    auto second = pool->try_take();
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(use(*first));
    EXPECT_FALSE(use(*second));
    second.reset();
    now += 1s;
    first.reset();
  }
  EXPECT_EQ(pool->counts().idle, 2u);
  now += 29s;  // The second has been idle for 30 s, the first for 29.
  auto lease = pool->try_take();
  EXPECT_TRUE(use(*lease));
  EXPECT_EQ(pool->counts().open, 1u);
  EXPECT_EQ(network->open_streams, 1u);
}

TEST_F(PoolTest, IdleConnectionsHoldNoWorkAndExpireAlsoWhenOneIsGivenBack) {
  make(5);
  auto busy = pool->try_take();
  {
    auto idle = pool->try_take();
    use(*idle);
  }
  use(*busy);
  EXPECT_EQ(network->open_streams, 2u);
  now += 31s;
  busy.reset();
  EXPECT_EQ(pool->counts().open, 1u);
  EXPECT_EQ(network->open_streams, 1u);
}

TEST_F(PoolTest, AChildProcessDoesNotUseTheConnectionsOfItsParent) {
  make(5);
  {
    auto kept = pool->try_take();
    use(*kept);
  }
  auto busy = pool->try_take();
  EXPECT_TRUE(use(*busy));
  process = 1;
  busy.reset();
  auto in_child = pool->try_take();
  EXPECT_FALSE(use(*in_child));
  in_child.reset();
  in_child = pool->try_take();
  EXPECT_TRUE(use(*in_child));
}

TEST_F(PoolTest, AChildProcessSchedulesTheEndOfIdleConnectionsItself) {
  std::vector<std::function<void()>> scheduled;
  schedule = [&](Clock::time_point, std::function<void()> function) {
    scheduled.push_back(std::move(function));
  };
  make(5);
  const auto use_once = [this] {
    const auto lease = pool->try_take();
    use(*lease);
  };
  use_once();
  use_once();
  EXPECT_EQ(scheduled.size(), 1u);
  process = 1;
  use_once();
  use_once();
  ASSERT_EQ(scheduled.size(), 2u);
  now += 31s;
  scheduled[1]();
  EXPECT_EQ(pool->counts().open, 0u);
}

TEST_F(PoolTest, IdleConnectionsAreClosedAtTheirTimeoutWithoutACall) {
  std::vector<std::pair<Clock::time_point, std::function<void()>>> scheduled;
  schedule = [&](Clock::time_point when, std::function<void()> function) {
    scheduled.emplace_back(when, std::move(function));
  };
  make(5);
  auto first = pool->try_take();
  auto second = pool->try_take();
  use(*first);
  use(*second);
  const auto begin = now;
  first.reset();
  now += 10s;
  second.reset();
  ASSERT_EQ(scheduled.size(), 1u);
  EXPECT_EQ(scheduled[0].first, begin + 30s);
  now = scheduled[0].first;
  scheduled[0].second();
  EXPECT_EQ(network->open_streams, 1u);
  ASSERT_EQ(scheduled.size(), 2u);
  EXPECT_EQ(scheduled[1].first, begin + 40s);
  now = scheduled[1].first;
  scheduled[1].second();
  EXPECT_EQ(network->open_streams, 0u);
  EXPECT_EQ(pool->counts().open, 0u);
  EXPECT_EQ(scheduled.size(), 2u);
  pool.reset();
  scheduled[1].second();  // The pool has gone.
}

TEST_F(PoolTest, DeadConnectionsAreReplaced) {
  make(1);
  {
    auto lease = pool->try_take();
    use(*lease);
  }
  network->scripts[0].dead_when_idle = true;
  auto lease = pool->try_take();
  EXPECT_FALSE(use(*lease));
  EXPECT_EQ(network->connects, 2u);
  EXPECT_EQ(network->open_streams, 1u);
}

TEST_F(PoolTest, ZeroIdleTimeoutKeepsNone) {
  make(2);
  PoolOptions options;
  options.idle_timeout = 0s;
  options.now = [this] { return now; };
  options.make_connection = [this] {
    return std::make_shared<Connection>(context.get_executor(), "server:1", ResponseLimits());
  };
  pool = std::make_shared<ConnectionPool>(std::move(options));
  {
    auto lease = pool->try_take();
    use(*lease);
  }
  EXPECT_EQ(pool->counts().open, 0u);
  EXPECT_EQ(network->open_streams, 0u);
}

TEST_F(PoolTest, WaitersAreServedInOrder) {
  make(2);
  for (int i = 0; i < 6; ++i) queue(i);
  EXPECT_EQ(served, (std::vector{0, 1}));
  EXPECT_EQ(pool->counts().waiting, 4u);
  EXPECT_FALSE(pool->try_take());
  for (int i = 0; i < 6; ++i) release();
  EXPECT_EQ(served, (std::vector{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(pool->counts().open, 0u);
  run();  // Nothing is left that could hold it.
}

TEST_F(PoolTest, AWaiterGetsTheConnectionThatWasGivenBack) {
  make(1);
  queue(0);
  queue(1);
  use(leases[0]);
  release();
  ASSERT_EQ(served, (std::vector{0, 1}));
  EXPECT_TRUE(use(leases[0]));
  EXPECT_EQ(network->connects, 1u);
}

TEST_F(PoolTest, CancelledWaitersLeaveTheQueue) {
  make(1);
  for (int i = 0; i < 4; ++i) queue(i);
  signals[2].emit(asio::cancellation_type::terminal);
  poll();
  EXPECT_EQ(cancelled, (std::vector{2}));
  EXPECT_EQ(pool->counts().waiting, 2u);
  for (int i = 0; i < 3; ++i) release();
  EXPECT_EQ(served, (std::vector{0, 1, 3}));
  EXPECT_EQ(pool->counts().open, 0u);
}

TEST_F(PoolTest, AConnectionGrantedToACancelledWaiterGoesToTheNext) {
  make(1);
  for (int i = 0; i < 3; ++i) queue(i);
  leases.clear();  // Granted to 1, who has not run yet.
  signals[1].emit(asio::cancellation_type::terminal);
  poll();
  leases.clear();
  poll();
  leases.clear();
  EXPECT_EQ(served.back(), 2);
  EXPECT_EQ(pool->counts().open, 0u);
  EXPECT_EQ(pool->counts().waiting, 0u);
}

TEST_F(PoolTest, WaitersGiveUpAtTheirDeadline) {
  make(1);
  queue(0);
  queue(1, Clock::now());
  run();
  EXPECT_EQ(late, (std::vector{1}));
  EXPECT_EQ(pool->counts().waiting, 0u);
}

TEST_F(PoolTest, DestroyedWaitersLeaveTheQueue) {
  make(1);
  queue(0);
  auto other = std::make_unique<asio::io_context>();
  asio::co_spawn(*other, take(1, Clock::time_point::max()), asio::detached);
  other->poll();
  EXPECT_EQ(pool->counts().waiting, 1u);
  other.reset();
  EXPECT_EQ(pool->counts().waiting, 0u);
  release();
  EXPECT_EQ(pool->counts().open, 0u);
}

}  // namespace
}  // namespace chroma::transport
