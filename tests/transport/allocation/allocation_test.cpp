// Each allocation of a call fails once. The call ends with an error, nothing leaks, crashes or waits for
// ever, and the next call works.

#include "failing_allocation.hpp"
#include "support/raw_server.hpp"
#include "transport/http/transport_fixture.hpp"
#include "transport/network_connector.hpp"

#include <cstddef>
#include <new>

namespace chroma::transport {
namespace {

using test::Allocations;

/// How a call has ended.
struct End {
  bool ended = false;
  bool failed = false;

  void operator()(const std::exception_ptr& failure) {
    ended = true;
    failed = failure != nullptr;
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const std::bad_alloc&) {
    } catch (const ChromaHttpClientError&) {
    } catch (const std::exception& other) {
      ADD_FAILURE() << "the call ended with " << other.what();
    }
  }
};

/// The allocations of Asio 1.81 while a connection is opened are not made to fail, because opening runs on a
/// strand, and a strand of Asio does not handle a lack of memory:
/// - If it cannot allocate the handler that runs it, it remains locked and never runs what is queued on it
///   (strand_executor_service::do_execute marks it as locked before it allocates).
/// - If its constructor cannot allocate, it locks a mutex through an uninitialised pointer
///   (strand_executor_service::create_implementation). Therefore each test makes one call first, so that the
///   connection and its strand exist.
/// - A timer on a strand terminates the program, because the constructor of handler_work is noexcept and
///   copies the executor, for which any_io_executor allocates. Therefore no test opens a connection over TCP
///   while allocations fail.
constexpr auto when_connecting = Allocations::without_asio;

/// Runs until nothing is left. If Asio cannot allocate an asynchronous operation, the exception leaves
/// `io_context::run`, and the coroutine that waits for the operation is destroyed.
/// @return how often that was so
std::size_t run(asio::io_context& context) {
  for (std::size_t failures = 0;; ++failures) {
    try {
      context.restart();
      context.run();
      return failures;
    } catch (const std::bad_alloc&) {
    }
  }
}

class AllocationTest : public testing::Test {
 protected:
  using Prepare = std::function<void(TransportRig&)>;

  /// Makes the calls once for each of their allocations.
  void fail_each(Allocations which, const Prepare& prepare, std::size_t calls = 1) {
    std::size_t number = 0;
    for (bool failed = true; failed; ++number) {
      SCOPED_TRACE("allocation " + std::to_string(number));
      TransportRig rig;
      rig.options.observer = nullptr;
      rig.options.max_connections = 1;
      prepare(rig);
      if (!rig.transport) rig.make();
      failed = fail_one(rig, which, number, calls);
      const auto& next = rig.call(TransportRig::read());
      ASSERT_TRUE(next.has_value()) << next.error().what();
      EXPECT_EQ((*next).body.view(), "fine");
      EXPECT_LE(rig.network->open_streams, 1U);
      if (HasFailure()) return;
    }
    EXPECT_GT(number, 5U);
  }

 private:
  /// @return false if the calls have fewer allocations
  static bool fail_one(TransportRig& rig, Allocations which, std::size_t number, std::size_t calls) {
    CallLimits limits;
    limits.deadline = Clock::now() + std::chrono::hours(1);
    limits.retry.min_delay = 1ms;
    std::vector<HttpRequest> requests;
    for (std::size_t i = 0; i < calls; ++i) requests.push_back(TransportRig::request("POST", true, "body"));
    std::vector<End> ends(calls);
    std::size_t escaped = 0;
    test::fail_allocation(number, which);
    for (std::size_t i = 0; i < calls; ++i) {
      try {
        asio::co_spawn(*rig.context, rig.transport->request(std::move(requests[i]), limits),
                       [&end = ends[i]](std::exception_ptr failure, const HttpResponse&) { end(failure); });
      } catch (const std::bad_alloc&) {
        ++escaped;
      }
    }
    escaped += run(*rig.context);
    const bool failed = test::stop_failing();
    EXPECT_LE(escaped, 1U);
    std::size_t without_end = 0;
    std::size_t with_error = 0;
    for (const End& end : ends) {
      without_end += end.ended ? 0 : 1;
      with_error += end.failed ? 1 : 0;
    }
    EXPECT_LE(without_end, escaped);
    EXPECT_LE(with_error + without_end, failed ? 1U : 0U);
    return failed;
  }
};

/// One call has been made before, so that a connection is open.
void open_connection(TransportRig& rig) {
  rig.make();
  rig.call(TransportRig::read());
}

TEST_F(AllocationTest, OnAKeptConnection) {
  fail_each(Allocations::all, [](TransportRig& rig) {
    for (int i = 0; i < 2; ++i) rig.add_connection({ok, ok, ok});
    open_connection(rig);
  });
}

TEST_F(AllocationTest, OnAConnectionThatTheServerHasClosed) {
  fail_each(when_connecting, [](TransportRig& rig) {
    rig.add_connection({ok});
    for (int i = 0; i < 2; ++i) rig.add_connection({ok, ok});
    open_connection(rig);
  });
}

TEST_F(AllocationTest, OfAChunkedResponse) {
  fail_each(Allocations::all, [](TransportRig& rig) {
    for (int i = 0; i < 2; ++i) {
      rig.add_connection({ok, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nfi",
                          "\r\n2\r\nne\r\n0\r\n\r\n", ok});
    }
    open_connection(rig);
  });
}

TEST_F(AllocationTest, OfARetry) {
  fail_each(Allocations::all, [](TransportRig& rig) {
    for (int i = 0; i < 2; ++i) rig.add_connection({ok, ScriptedNetwork::response(503, "busy"), ok, ok});
    open_connection(rig);
  });
}

TEST_F(AllocationTest, OfARedirect) {
  fail_each(Allocations::all, [](TransportRig& rig) {
    const std::string redirect = "HTTP/1.1 307 There\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n";
    for (int i = 0; i < 2; ++i) rig.add_connection({ok, redirect, ok, ok});
    open_connection(rig);
  });
}

TEST_F(AllocationTest, OfCallsThatWaitForAConnection) {
  const auto prepare = [](TransportRig& rig) {
    for (int i = 0; i < 2; ++i) rig.add_connection({ok, ok, ok, ok, ok});
    open_connection(rig);
  };
  fail_each(Allocations::all, prepare, 3);
}

/// Calls over TCP.
class TcpAllocationTest : public AllocationTest {
 protected:
  void make(TransportRig& rig) {
    NetworkHooks network;
    network.variable = [](const char*) -> const char* { return nullptr; };
    rig.options.origin = server_.origin();
    rig.transport.emplace(rig.context->get_executor(),
                          make_network_connector(server_.origin(), TlsOptions(), std::string(), network),
                          rig.options, rig.hooks);
  }

 private:
  test::RawServer server_{[](test::RawSession& session) {
    while (session.read_request()) session.respond("fine");
  }};
};

TEST_F(TcpAllocationTest, OnAKeptConnection) {
  fail_each(Allocations::all, [this](TransportRig& rig) {
    make(rig);
    rig.call(TransportRig::read());
  });
}

}  // namespace
}  // namespace chroma::transport
