// Nothing grows however long it goes on, and nothing is lost when the loop stops in between.

#include "support/process_usage.hpp"
#include "support/raw_server.hpp"
#include "transport/http_transport.hpp"
#include "transport/network_connector.hpp"

#include <chroma/error.hpp>
#include <chroma/result.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <thread>

namespace chroma::transport {
namespace {

using namespace std::chrono_literals;
using test::RawServer;
using test::RawSession;

constexpr std::string_view fine_response = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine";
constexpr std::size_t tolerance = std::size_t(4) << 20;

HttpRequest post(std::string body = "x") {
  HttpRequest request;
  request.operation = "operation";
  request.method = "POST";
  request.target = "/";
  request.body = std::make_shared<const core::Buffer>(body);
  return request;
}

asio::awaitable<void> caller(const HttpTransport& transport, std::size_t calls, std::size_t& good) {
  for (std::size_t i = 0; i < calls; ++i) {
    CallLimits limits;
    limits.deadline = Clock::now() + 10min;
    const HttpResponse response = co_await transport.request(post(), limits);
    if (response.body.view() == "fine") ++good;
  }
}

/// Makes `calls` calls (a tenth under a sanitizer), 8 at a time, after some that fill pools and caches; then
/// nothing may have grown.
void expect_no_growth(asio::io_context& context, const HttpTransport& transport, std::size_t calls) {
  const auto run = [&](std::size_t each) {
    std::size_t good = 0;
    for (int i = 0; i < 8; ++i) asio::co_spawn(context, caller(transport, each, good), asio::detached);
    context.restart();
    context.run();
    EXPECT_EQ(good, 8 * each);
  };
  run(calls / 80);
  const auto memory = test::resident_bytes();
  const auto descriptors = test::open_descriptors();
  run(test::sanitized ? calls / 80 : calls / 8);
  EXPECT_EQ(test::open_descriptors(), descriptors);
  if (memory) {
    EXPECT_LT(*test::resident_bytes(), *memory + tolerance);
  }
}

std::unique_ptr<HttpTransport> connected(asio::io_context& context, const RawServer& server) {
  TransportOptions options;
  options.origin = server.origin();
  options.max_connections = 8;
  return std::make_unique<HttpTransport>(context.get_executor(),
                                         make_network_connector(server.origin(), TlsOptions(), ""), options);
}

void respond_to_all(RawSession& session) {
  while (session.read_request()) session.send(fine_response);
}

TEST(Endurance, AHundredThousandCallsLeakNothing) {
  const RawServer server(respond_to_all);
  asio::io_context context;
  const auto transport = connected(context, server);
  expect_no_growth(context, *transport, 100'000);
  EXPECT_LE(server.accepted(), 8u);
}

TEST(Endurance, AStoppedContextContinuesItsCalls) {
  const RawServer server(respond_to_all);
  asio::io_context context;
  const auto transport = connected(context, server);
  std::size_t good = 0;
  for (int i = 0; i < 20; ++i) asio::co_spawn(context, caller(*transport, 5, good), asio::detached);
  for (int i = 0; good < 100; ++i) {
    ASSERT_LT(i, 100'000);
    context.restart();
    for (int step = 0; step < 7; ++step) context.run_one();
    context.stop();
    EXPECT_EQ(context.poll(), 0u);
  }
  EXPECT_EQ(good, 100u);
}

TEST(Endurance, AStoppedContextMayBeDestroyedWithCallsInFlight) {
  const RawServer server([](RawSession& session) { session.wait_for_close(); });
  const auto before = test::open_descriptors();
  std::size_t good = 0;
  {
    asio::io_context context;
    const auto transport = connected(context, server);
    for (int i = 0; i < 20; ++i) asio::co_spawn(context, caller(*transport, 5, good), asio::detached);
    while (server.accepted() < 8) context.run_for(1ms);
    context.stop();
  }
  while (server.open() > 0) std::this_thread::yield();
  EXPECT_EQ(good, 0u);
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST(Endurance, ACallIsCancelledOnItsOwnExecutorWithAConnectionOnAnother) {
  const RawServer server([](RawSession& session) { session.wait_for_close(); });
  asio::io_context home;
  auto work = asio::make_work_guard(home);
  std::thread home_thread([&home] { home.run(); });
  const auto transport = connected(home, server);
  asio::io_context own;
  asio::cancellation_signal signal;
  std::optional<Stage> stage;
  asio::co_spawn(own, as_result(transport->request(post(), CallLimits())),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&stage](std::exception_ptr, const Result<HttpResponse>& result) {
                       if (!result.has_value()) stage = result.error().get_if<RequestError>()->stage;
                     }));
  while (server.accepted() == 0) own.run_for(1ms);
  own.restart();
  asio::post(own, [&signal] { signal.emit(asio::cancellation_type::terminal); });
  own.run();
  EXPECT_EQ(stage, Stage::cancelled);
  work.reset();
  home_thread.join();
}

}  // namespace
}  // namespace chroma::transport
