// Each allocation of a lookup fails once, on the thread that begins it and on the lookup's own. The next
// lookup of the name works. This program has a resolver of its own.

#include "failing_allocation.hpp"
#include "transport/system_lookup.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <limits>
#include <netdb.h>
#include <new>

namespace {

constexpr auto none = std::numeric_limits<std::size_t>::max();

/// The allocation that fails on the thread of the next lookup, after the system has responded.
std::atomic<std::size_t> failing_on_thread = none;

}  // namespace

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) {
  if (const auto number = failing_on_thread.exchange(none); number != none) {
    chroma::test::fail_allocation(number, chroma::test::Allocations::all);
  }
  return EAI_NONAME;
}

namespace chroma::transport {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class LookupAllocationTest : public testing::Test {
 protected:
  /// The lookup's result. It is delivered without a strand, because a strand of Asio 1.81 that cannot
  /// allocate remains locked for ever. @param failing the allocation that fails on this thread
  error_code look_up_name(std::size_t failing = none) {
    asio::io_context context;
    const auto work = asio::make_work_guard(context);
    int results = 0;
    error_code result;
    const NetworkHooks::Found found = [&](error_code failure, const Endpoints&) {
      ++results;
      result = failure;
    };
    if (failing != none) test::fail_allocation(failing, test::Allocations::all);
    const auto token = look_up(context.get_executor(), "a.name.of.more.than.a.few.letters.test", 80, found);
    while (results == 0) context.run_one();
    return result;
  }
};

TEST_F(LookupAllocationTest, OnTheThreadThatBeginsIt) {
  std::size_t number = 0;
  for (bool failed = true; failed; ++number) {
    SCOPED_TRACE("allocation " + std::to_string(number));
    try {
      static_cast<void>(look_up_name(number));
    } catch (const std::bad_alloc&) {
    }
    failed = test::stop_failing();
    EXPECT_EQ(look_up_name(), error_code(asio::error::host_not_found));
  }
  EXPECT_GT(number, 5U);
}

TEST_F(LookupAllocationTest, OnTheThreadOfTheLookup) {
  constexpr std::size_t more_than_it_makes = 20;
  for (std::size_t number = 0; number < more_than_it_makes; ++number) {
    SCOPED_TRACE("allocation " + std::to_string(number));
    failing_on_thread = number;
    const error_code result = look_up_name();
    EXPECT_TRUE(result == asio::error::host_not_found || result == asio::error::no_memory) << result;
    EXPECT_EQ(look_up_name(), error_code(asio::error::host_not_found));
  }
}

}  // namespace
}  // namespace chroma::transport
