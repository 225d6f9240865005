// Lookups of names that the system's resolver leaves without a response. This program has a resolver of its
// own.
#include "support/child_process.hpp"
#include "transport/system_lookup.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <netdb.h>
#include <optional>

namespace {

/// The names that begin with "hung" wait here, except in a forked child.
struct Resolver {
  const pid_t process = getpid();
  std::mutex mutex;
  std::condition_variable changed;
  bool released = false;
  int calls = 0;    ///< Lookups of hung names that have begun.
  int returns = 0;  ///< Those that have ended.

  void hang() {
    if (getpid() != process) return;
    std::unique_lock lock(mutex);
    ++calls;
    changed.notify_all();
    changed.wait(lock, [this] { return released; });
    ++returns;
    changed.notify_all();
  }
  void wait_for_calls(int count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return calls >= count; });
  }
  void release() {
    std::unique_lock lock(mutex);
    released = true;
    changed.notify_all();
    changed.wait(lock, [this] { return returns == calls; });
    released = false;
  }
};

/// Never destroyed, because lookups may outlive the tests.
Resolver& resolver() {
  static auto& instance = *new Resolver;
  return instance;
}

}  // namespace

extern "C" int getaddrinfo(const char* name, const char*, const addrinfo*, addrinfo**) {
  if (std::strncmp(name, "hung", 4) == 0) resolver().hang();
  return EAI_NONAME;
}

namespace chroma::transport {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Counts the results that arrive.
struct Results {
  int count = 0;
  error_code failure;

  NetworkHooks::Found take() {
    return [this](error_code code, const Endpoints&) {
      ++count;
      failure = code;
    };
  }
};

/// Runs the context until a result has arrived. Lookups alone are no work that keeps it running.
void run_until(asio::io_context& context, const Results& results, int count) {
  const auto work = asio::make_work_guard(context);
  while (results.count < count) context.run_one();
}

TEST(LookupTest, AHungNameHoldsUpNoOther) {
  asio::io_context context;
  const asio::any_io_executor strand = asio::make_strand(context);
  Results hung;
  Results other;
  auto first = look_up(strand, "hung.test", 80, hung.take());
  resolver().wait_for_calls(1);
  const auto second = look_up(strand, "other.test", 80, other.take());
  run_until(context, other, 1);
  EXPECT_EQ(other.failure, error_code(asio::error::host_not_found));
  EXPECT_EQ(hung.count, 0);

  // Who gives up leaves no work behind.
  first.reset();
  context.restart();
  context.run();
  resolver().release();
  context.restart();
  context.run();
  EXPECT_EQ(hung.count, 0);
}

TEST(LookupTest, LookupsOfOneNameShareAThread) {
  asio::io_context context;
  const asio::any_io_executor strand = asio::make_strand(context);
  const int calls_before = resolver().calls;
  Results results;
  const auto first = look_up(strand, "hung.twice.test", 80, results.take());
  const auto second = look_up(strand, "hung.twice.test", 80, results.take());
  const auto other_port = look_up(strand, "hung.twice.test", 81, results.take());
  resolver().wait_for_calls(calls_before + 2);
  resolver().release();
  run_until(context, results, 3);
  EXPECT_EQ(resolver().calls, calls_before + 2);
}

TEST(LookupTest, AChildResolvesANameThatItsParentIsResolving) {
  if (!test::has_child_processes()) GTEST_SKIP() << "no threads in children";
  asio::io_context context;
  const int calls_before = resolver().calls;
  Results results;
  const auto token = look_up(asio::make_strand(context), "hung.fork.test", 80, results.take());
  resolver().wait_for_calls(calls_before + 1);
  const int count_in_child = test::run_in_child([] {
    asio::io_context own_context;
    Results own_results;
    const auto own_token = look_up(asio::make_strand(own_context), "hung.fork.test", 80, own_results.take());
    run_until(own_context, own_results, 1);
    return own_results.count;
  });
  EXPECT_EQ(count_in_child, 1);
  resolver().release();
  run_until(context, results, 1);
}

TEST(LookupTest, TheContextMayEndBeforeTheLookup) {
  const int calls_before = resolver().calls;
  Results results;
  std::shared_ptr<void> token;
  {
    asio::io_context context;
    const asio::any_io_executor strand = asio::make_strand(context);
    token = look_up(strand, "hung.context.test", 80, results.take());
    resolver().wait_for_calls(calls_before + 1);
  }
  resolver().release();
  token.reset();
  EXPECT_EQ(results.count, 0);
}

}  // namespace
}  // namespace chroma::transport
