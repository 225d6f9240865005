// From a name to a stream: every address, every failure, every end before the time.

#include "client_side.hpp"
#include "transport/connect_race.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#ifdef __linux__
#include <fcntl.h>
#include <sys/resource.h>
#endif

namespace chroma::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr auto forever = Clock::time_point::max();

Clock::time_point soon() {
  return Clock::now() + std::chrono::milliseconds(60);
}

transport::Origin named(std::uint16_t port = 8000, bool tls = false) {
  transport::Origin origin;
  origin.tls = tls;
  origin.host = "server.test";
  origin.port = port;
  return origin;
}

std::unique_ptr<transport::Connector> connector_in(transport::NetworkHooks hooks, bool tls = false) {
  return make_network_connector(named(8000, tls), trust().options(), std::string(), std::move(hooks));
}

tcp::endpoint closed_endpoint() {
  return tcp::endpoint(asio::ip::address_v4::loopback(), closed_port());
}

/// Never finds anything, and sees whether somebody still waits for it. It holds the callback, so it must go
/// before the loop.
struct EndlessLookup {
  transport::NetworkHooks hooks = bare_hooks();
  std::weak_ptr<int> running;
  transport::NetworkHooks::Found found;

  EndlessLookup() {
    hooks.resolve = [this](const asio::any_io_executor&, const std::string&, std::uint16_t,
                           transport::NetworkHooks::Found then) {
      const auto token = std::make_shared<int>(0);
      running = token;
      found = std::move(then);
      return std::shared_ptr<void>(token);
    };
  }
};

/// Connects, and when nothing more happens by itself, cancels.
RequestError cancelled_failure(Loop& loop, transport::Connector& connector,
                               const std::function<bool()>& ready) {
  std::exception_ptr failure;
  asio::cancellation_signal signal;
  asio::co_spawn(loop.strand(), connector.connect(loop.strand(), forever),
                 asio::bind_cancellation_slot(signal.slot(), [&failure](std::exception_ptr thrown,
                                                                        const auto&) { failure = thrown; }));
  while (!ready()) loop.context().run_for(std::chrono::milliseconds(1));
  loop.context().restart();
  loop.context().poll();
  signal.emit(asio::cancellation_type::terminal);
  loop.context().restart();
  loop.context().run();
  try {
    if (failure) std::rethrow_exception(failure);
    ADD_FAILURE() << "connected";
  } catch (const ChromaHttpClientError& error) {
    if (const auto* request = error.get_if<RequestError>()) return *request;
    ADD_FAILURE() << error.what();
  }
  return {};
}

TEST(ConnectTest, ConnectsToAnAddress) {
  const LoopbackServer server([](Peer& peer) { peer.write("hello"); });
  Loop loop;
  const auto connector = connector_to(server.origin());
  const auto stream = loop.run(connector->connect(loop.strand(), soon() + std::chrono::hours(1)));
  EXPECT_EQ(loop.run(receive(*stream, 5)), "hello");
}

TEST(ConnectTest, ConnectsToAnIpv6Address) try {
  const LoopbackServer server([](Peer& peer) { peer.write("hello"); }, "::1");
  Loop loop;
  const auto connector = connector_to(server.origin());
  const auto stream = loop.run(connector->connect(loop.strand(), forever));
  EXPECT_EQ(loop.run(receive(*stream, 5)), "hello");
} catch (const boost::system::system_error&) {
  GTEST_SKIP() << "this machine has no IPv6";
}

TEST(ConnectTest, AsksTheSystemForLocalhost) {
  const LoopbackServer server([](Peer& peer) { peer.write("hello"); });
  transport::Origin origin = server.origin();
  origin.host = "localhost";
  Loop loop;
  const auto connector = connector_to(origin);
  const auto stream = loop.run(connector->connect(loop.strand(), forever));
  EXPECT_EQ(loop.run(receive(*stream, 5)), "hello");
}

TEST(ConnectTest, AStreamOutlivesItsConnector) {
  const LoopbackServer server([](Peer& peer) { peer.write("hello"); });
  Loop loop;
  auto connector = connector_to(server.origin());
  auto connecting = connector->connect(loop.strand(), forever);
  connector.reset();
  const auto stream = loop.run(std::move(connecting));
  EXPECT_EQ(loop.run(receive(*stream, 5)), "hello");
}

TEST(ConnectTest, NamesARefusedConnection) {
  transport::Origin origin;
  origin.host = "127.0.0.1";
  origin.port = closed_port();
  Loop loop;
  const RequestError error = failure_of(loop, *connector_to(origin));
  EXPECT_EQ(error.stage, Stage::connect);
  EXPECT_EQ(error.code, std::errc::connection_refused);
  EXPECT_EQ(error.message, "connect to " + origin.authority() +
                               " refused: is the server running there, and are host and port right?");
}

TEST(ConnectTest, TriesEveryAddressInOrder) {
  const LoopbackServer server([](Peer& peer) { peer.write("hello"); });
  Loop loop;
  const auto connector = connector_in(hooks_with({closed_endpoint(), closed_endpoint(), server.endpoint()}));
  const auto stream = loop.run(connector->connect(loop.strand(), forever));
  EXPECT_EQ(loop.run(receive(*stream, 5)), "hello");
}

TEST(ConnectTest, AnAddressWithoutAResponseLeavesTimeForTheNext) {
  const LoopbackServer server([](Peer& peer) { peer.write("hello"); });
  const SilentPort silent;
  const tcp::endpoint first(asio::ip::address_v4::loopback(), silent.origin().port);
  Loop loop;
  const auto connector = connector_in(hooks_with({first, server.endpoint()}));
  const auto stream = loop.run(connector->connect(loop.strand(), Clock::now() + std::chrono::minutes(1)));
  EXPECT_EQ(loop.run(receive(*stream, 5)), "hello");
}

TEST(ConnectTest, NamesEveryAddressThatFailed) {
  const tcp::endpoint first = closed_endpoint();
  const tcp::endpoint second = closed_endpoint();
  Loop loop;
  const RequestError error = failure_of(loop, *connector_in(hooks_with({first, second})));
  EXPECT_EQ(error.stage, Stage::connect);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("connect to server.test:8000 failed at every address: 127.0.0.1:" +
                              std::to_string(first.port()) + " refused, 127.0.0.1:"),
                    HasSubstr(std::to_string(second.port())), HasSubstr("is the server running")));
}

#ifdef __linux__
/// Sets the limit of open files to what is open, as long as it lives.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    getrlimit(RLIMIT_NOFILE, &usual_);
    rlimit none = usual_;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
  }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;
  ~NoMoreFiles() { setrlimit(RLIMIT_NOFILE, &usual_); }

 private:
  rlimit usual_{};
};

TEST(ConnectTest, AnAddressThatCannotBeTriedHasItsOwnReason) {
  const SilentPort silent;
  const tcp::endpoint first(asio::ip::address_v4::loopback(), silent.origin().port);
  const auto connector = connector_in(hooks_with({first, closed_endpoint()}));
  Loop loop;
  std::string text;
  // The second address is tried after 250 ms.
  asio::co_spawn(loop.strand(), connector->connect(loop.strand(), Clock::now() + std::chrono::seconds(2)),
                 [&text](std::exception_ptr failure, const auto&) {
                   try {
                     if (failure) std::rethrow_exception(failure);
                   } catch (const ChromaHttpClientError& error) {
                     text = error.what();
                   }
                 });
  loop.context().poll();  // The first address is being tried.
  {
    const NoMoreFiles no_more_files;
    loop.context().restart();
    loop.context().run();
  }
  EXPECT_THAT(text, AllOf(HasSubstr(std::to_string(first.port()) + " no response in time, "),
                          HasSubstr("Too many open files")));
}
#endif

TEST(ConnectTest, TheAddressThatWorkedLastIsTriedFirst) {
  const LoopbackServer one([](Peer& peer) { peer.write("1"); });
  const LoopbackServer two([](Peer& peer) { peer.write("2"); });
  std::vector<tcp::endpoint> addresses = {one.endpoint(), two.endpoint()};
  transport::NetworkHooks hooks = bare_hooks();
  hooks.resolve = [&addresses](const asio::any_io_executor& strand, const std::string&, std::uint16_t,
                               transport::NetworkHooks::Found found) {
    asio::post(strand, [found, addresses] { found({}, addresses); });
    return std::shared_ptr<void>();
  };
  Loop loop;
  const auto connector = connector_in(hooks);
  for (int i = 0; i < 2; ++i) {
    const auto stream = loop.run(connector->connect(loop.strand(), forever));
    EXPECT_EQ(loop.run(receive(*stream, 1)), "1");
    std::swap(addresses[0], addresses[1]);
  }
}

TEST(ConnectTest, FamiliesAlternateBehindTheFirstAddress) {
  const auto v4 = [](std::uint16_t port) { return tcp::endpoint(asio::ip::address_v4::loopback(), port); };
  const auto v6 = [](std::uint16_t port) { return tcp::endpoint(asio::ip::address_v6::loopback(), port); };
  const transport::Endpoints found = {v6(1), v6(2), v6(3), v4(1), v4(2)};
  using transport::in_attempt_order;
  EXPECT_EQ(in_attempt_order(found, {}), (transport::Endpoints{v6(1), v4(1), v6(2), v4(2), v6(3)}));
  EXPECT_EQ(in_attempt_order(found, v4(2)), (transport::Endpoints{v4(2), v6(1), v4(1), v6(2), v6(3)}));
  EXPECT_EQ(in_attempt_order(found, v6(2)), (transport::Endpoints{v6(2), v4(1), v6(1), v4(2), v6(3)}));
  EXPECT_EQ(in_attempt_order(found, v4(9)), in_attempt_order(found, {}));
  EXPECT_TRUE(in_attempt_order({}, v4(1)).empty());
}

#ifdef __linux__
TEST(ConnectTest, ALackOfDescriptorsIsNotAnUnknownName) {
  transport::NetworkHooks hooks = bare_hooks();
  hooks.resolve = [](const asio::any_io_executor& strand, const std::string&, std::uint16_t,
                     transport::NetworkHooks::Found found) {
    asio::post(strand, [found] { found(asio::error::host_not_found, {}); });
    return std::shared_ptr<void>();
  };
  const auto by_name = connector_in(hooks);
  const auto by_address = connector_in(hooks_with({closed_endpoint()}));
  Loop loop;
  EXPECT_THAT(failure_of(loop, *by_address).message,
              HasSubstr("refused"));  // Opens what the context itself needs.
  const NoMoreFiles no_more_files;
  EXPECT_THAT(failure_of(loop, *by_name).message,
              AllOf(HasSubstr("Too many open files"), HasSubstr("ulimit")));
  EXPECT_THAT(failure_of(loop, *by_address).message,
              AllOf(HasSubstr("Too many open files"), HasSubstr("ulimit")));
}

/// The flags of the client's socket among all descriptors: close-on-exec, keepalive.
std::pair<bool, bool> socket_flags(const tcp::endpoint& peer) {
  for (int descriptor = 3; descriptor < 1024; ++descriptor) {
    tcp::endpoint other;
    socklen_t size = static_cast<socklen_t>(other.capacity());
    if (getpeername(descriptor, other.data(), &size) != 0 || other.port() != peer.port()) continue;
    int keep_alive = 0;
    size = sizeof keep_alive;
    EXPECT_EQ(getsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &keep_alive, &size), 0);
    return {(fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0, keep_alive != 0};
  }
  ADD_FAILURE() << "no socket is connected to port " << peer.port();
  return {};
}

TEST(ConnectTest, SocketsAreNotInheritedAndKeptAlive) {
  for (const bool keep_alive : {true, false}) {
    const LoopbackServer server([](Peer& peer) { peer.read_to_end(); });
    Loop loop;
    const auto connector =
        make_network_connector(server.origin(), TlsOptions(), std::string(), bare_hooks(), keep_alive);
    const auto stream = loop.run(connector->connect(loop.strand(), forever));
    EXPECT_EQ(socket_flags(server.endpoint()), std::make_pair(true, keep_alive));
  }
}
#endif

TEST(ConnectTest, AnUnknownProxyIsNamedAsAProxy) {
  transport::NetworkHooks hooks = bare_hooks();
  hooks.resolve = [](const asio::any_io_executor& strand, const std::string&, std::uint16_t,
                     transport::NetworkHooks::Found found) {
    asio::post(strand, [found] { found(asio::error::host_not_found, {}); });
    return std::shared_ptr<void>();
  };
  const auto connector =
      make_network_connector(named(443, true), trust().options(), "http://proxy.test:3128", hooks);
  Loop loop;
  EXPECT_THAT(failure_of(loop, *connector).message,
              AllOf(HasSubstr("no address found for proxy proxy.test"), HasSubstr("option proxy")));
}

TEST(ConnectTest, NamesAnUnknownHost) {
  transport::NetworkHooks hooks = bare_hooks();
  hooks.resolve = [](const asio::any_io_executor& strand, const std::string& host, std::uint16_t port,
                     transport::NetworkHooks::Found found) {
    EXPECT_EQ(host, "server.test");
    EXPECT_EQ(port, 8000);
    asio::post(strand, [found] { found(asio::error::host_not_found, {}); });
    return std::shared_ptr<void>();
  };
  Loop loop;
  const RequestError error = failure_of(loop, *connector_in(hooks));
  EXPECT_EQ(error.stage, Stage::resolve);
  EXPECT_TRUE(error.code);
  EXPECT_THAT(error.message, AllOf(HasSubstr("no address found for server.test"), HasSubstr("name right")));
  EXPECT_EQ(failure_of(loop, *connector_in(hooks_with({}))).stage, Stage::resolve);
}

TEST(ConnectTest, TheSystemDoesNotKnowAnInvalidName) {
  transport::Origin origin;
  origin.host = "no-such-host.invalid";
  Loop loop;
  EXPECT_EQ(failure_of(loop, *connector_to(origin)).stage, Stage::resolve);
}

TEST(ConnectTest, TheDeadlineEndsResolving) {
  Loop loop;
  EndlessLookup lookup;
  const RequestError error = failure_of(loop, *connector_in(lookup.hooks), soon());
  EXPECT_EQ(error.stage, Stage::timeout);
  EXPECT_THAT(error.message, HasSubstr("resolving server.test"));
  EXPECT_TRUE(lookup.running.expired());
  lookup.found({}, {closed_endpoint()});  // Too late, and harmless.
}

TEST(ConnectTest, TheDeadlineEndsConnecting) {
  const SilentPort silent;
  Loop loop;
  const RequestError error = failure_of(loop, *connector_to(silent.origin()), soon());
  EXPECT_EQ(error.stage, Stage::timeout);
  EXPECT_EQ(error.code, std::errc::timed_out);
  EXPECT_THAT(error.message, AllOf(HasSubstr(silent.origin().authority()), HasSubstr("firewall")));
}

TEST(ConnectTest, TheDeadlineEndsTheHandshake) {
  const LoopbackServer server([](Peer& peer) { peer.read_to_end(); });
  Loop loop;
  const RequestError error = failure_of(loop, *connector_to(server.origin(true)), soon());
  EXPECT_EQ(error.stage, Stage::timeout);
  EXPECT_THAT(error.message, HasSubstr(server.origin().authority()));
}

TEST(ConnectTest, TheDeadlineEndsTheProxyHandshake) {
  const LoopbackServer server([](Peer& peer) { peer.read_to_end(); });
  Loop loop;
  const auto connector = connector_to(named(443, true), trust().options(), server.origin().to_string());
  EXPECT_EQ(failure_of(loop, *connector, soon()).stage, Stage::timeout);
}

TEST(ConnectTest, ADeadlineInThePastEndsEveryStepAtOnce) {
  const LoopbackServer server([](Peer& peer) { peer.read_to_end(); });
  Loop loop;
  EndlessLookup lookup;
  EXPECT_EQ(failure_of(loop, *connector_in(lookup.hooks), Clock::now()).stage, Stage::timeout);
  EXPECT_EQ(failure_of(loop, *connector_to(server.origin(true)), Clock::now()).stage, Stage::timeout);
}

TEST(ConnectTest, CancellingEndsResolving) {
  Loop loop;
  EndlessLookup lookup;
  const RequestError error =
      cancelled_failure(loop, *connector_in(lookup.hooks), [&] { return !lookup.running.expired(); });
  EXPECT_EQ(error.stage, Stage::cancelled);
  EXPECT_TRUE(lookup.running.expired());
}

TEST(ConnectTest, CancellingEndsConnecting) {
  const SilentPort silent;
  Loop loop;
  const auto connector = connector_to(silent.origin());
  EXPECT_EQ(cancelled_failure(loop, *connector, [] { return true; }).stage, Stage::cancelled);
}

TEST(ConnectTest, CancellingEndsTheHandshake) {
  std::atomic<bool> shaking = false;
  const LoopbackServer server([&](Peer& peer) {
    static_cast<void>(peer.read(50));
    shaking = true;
    peer.read_to_end();
  });
  Loop loop;
  const auto connector = connector_to(server.origin(true));
  EXPECT_EQ(cancelled_failure(loop, *connector, [&] { return shaking.load(); }).stage, Stage::cancelled);
}

TEST(ConnectTest, CancellingEndsTheProxyHandshake) {
  std::atomic<bool> asked = false;
  const LoopbackServer server([&](Peer& peer) {
    static_cast<void>(peer.read_until("\r\n\r\n"));
    asked = true;
    peer.read_to_end();
  });
  Loop loop;
  const auto connector = connector_to(named(443, true), trust().options(), server.origin().to_string());
  EXPECT_EQ(cancelled_failure(loop, *connector, [&] { return asked.load(); }).stage, Stage::cancelled);
}

/// A proxy with a tunnel to a server, both in one.
LoopbackServer::Session tunnel_session() {
  return [](Peer& peer) {
    peer.start_tls(trust().server_tls());
    static_cast<void>(peer.read_until("\r\n\r\n"));
    peer.write("HTTP/1.1 200 OK\r\n\r\n");
    peer.start_tls(trust().server_tls());
    peer.read_to_end();
  };
}

// Cancels after 0, 1, 2 ... steps of the event loop, until connecting is done before that.
TEST(ConnectTest, CancellingAfterAnyStepEndsConnecting) {
  const LoopbackServer server(tunnel_session());
  transport::Origin origin = named(443, true);
  origin.host = "inner.test";
  const auto connector = connector_to(origin, trust().options(), server.origin(true).to_string());
  bool connected = false;
  // Before the first step the coroutine has not begun: newer versions of Asio then throw out of run().
  for (int steps = 1; steps < 1000 && !connected; ++steps) {
    Loop loop;
    std::exception_ptr failure;
    bool ended = false;
    asio::cancellation_signal signal;
    asio::co_spawn(
        loop.strand(), connector->connect(loop.strand(), Clock::now() + std::chrono::hours(1)),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, const auto& stream) {
          failure = thrown;
          ended = true;
          connected = stream != nullptr;
        }));
    for (int i = 0; i < steps && !ended; ++i) loop.context().run_one();
    signal.emit(asio::cancellation_type::terminal);
    loop.context().run();
    ASSERT_TRUE(ended);
    if (connected) break;
    try {
      std::rethrow_exception(failure);
    } catch (const ChromaHttpClientError& error) {
      ASSERT_NE(error.get_if<RequestError>(), nullptr);
      EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::cancelled) << error.what() << " after " << steps;
    }
  }
  EXPECT_TRUE(connected);
}

TEST(ConnectTest, TheContextMayBeDestroyedAfterAnyStep) {
  const LoopbackServer server(tunnel_session());
  transport::Origin origin = named(443, true);
  origin.host = "inner.test";
  const auto connector = connector_to(origin, trust().options(), server.origin(true).to_string());
  bool connected = false;
  int steps = 0;
  for (; steps < 1000 && !connected; ++steps) {
    Loop loop;
    asio::co_spawn(loop.strand(), connector->connect(loop.strand(), Clock::now() + std::chrono::hours(1)),
                   [&connected](std::exception_ptr, const auto& stream) { connected = stream != nullptr; });
    for (int i = 0; i < steps && !connected; ++i) loop.context().run_one();
  }
  EXPECT_TRUE(connected);
  EXPECT_GT(steps, 1);
}

asio::awaitable<std::size_t> send_and_drop(std::unique_ptr<transport::ByteStream> stream,
                                           std::string_view body) {
  co_return co_await send(*stream, std::vector<std::string_view>(1, body));
}

TEST(ConnectTest, TheContextMayBeDestroyedDuringAWrite) {
  const std::string body(50'000'000, 'x');
  std::promise<void> over;
  const LoopbackServer server([&over](Peer&) { over.get_future().wait(); });
  const auto connector = connector_to(server.origin());
  bool ended = false;
  {
    Loop loop;
    auto stream = loop.run(connector->connect(loop.strand(), forever));
    asio::co_spawn(loop.strand(), send_and_drop(std::move(stream), body),
                   [&ended](std::exception_ptr, std::size_t) { ended = true; });
    loop.context().restart();
    loop.context().poll();
  }
  over.set_value();
  EXPECT_FALSE(ended);
}

}  // namespace
}  // namespace chroma::test
