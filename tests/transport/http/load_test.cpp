// Many calls at once, on one thread and on several; nothing grows.

#include "support/raw_server.hpp"
#include "support/scripted_stream.hpp"
#include "transport/http_transport.hpp"
#include "transport/network_connector.hpp"

#include <chroma/error.hpp>
#include <chroma/result.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace chroma::transport {
namespace {

using namespace std::chrono_literals;
using test::RawServer;
using test::RawSession;
using test::ScriptedNetwork;

HttpRequest echo_request(std::string body) {
  HttpRequest request;
  request.operation = "echo";
  request.method = "POST";
  request.target = "/echo";
  request.body = std::make_shared<const core::Buffer>(body);
  return request;
}

void echo(RawSession& session) {
  while (auto got = session.read_request()) session.respond(got->substr(got->find("\r\n\r\n") + 4));
}

HttpTransport make(const asio::any_io_executor& executor, const RawServer& server, std::size_t connections) {
  TransportOptions options;
  options.origin = server.origin();
  options.max_connections = connections;
  return HttpTransport(executor, make_network_connector(server.origin(), TlsOptions(), ""), options);
}

/// `calls` calls, one after the other, each of which must get its own body back.
asio::awaitable<void> caller(const HttpTransport& transport, int number, int calls, std::atomic<int>& good) {
  for (int i = 0; i < calls; ++i) {
    const std::string body = std::to_string(number) + "-" + std::to_string(i);
    CallLimits limits;
    limits.deadline = Clock::now() + 10min;
    const HttpResponse response = co_await transport.request(echo_request(body), limits);
    if (response.status == 200 && response.body.view() == body) ++good;
  }
}

TEST(Load, TwoHundredCallsInFlightOnOneThread) {
  const RawServer server(echo);
  asio::io_context context;
  const HttpTransport transport = make(context.get_executor(), server, 64);
  std::atomic<int> good{0};
  for (int i = 0; i < 200; ++i) asio::co_spawn(context, caller(transport, i, 3, good), asio::detached);
  context.run();
  EXPECT_EQ(good, 600);
  EXPECT_LE(server.accepted(), 64u);
}

TEST(Load, FourThreadsOnOneTransport) {
  const RawServer server(echo);
  asio::io_context context;
  const HttpTransport transport = make(context.get_executor(), server, 8);
  std::atomic<int> good{0};
  for (int i = 0; i < 32; ++i) {
    // A single coroutine needs no strand.
    asio::any_io_executor executor = context.get_executor();
    if (i % 2 == 0) executor = asio::make_strand(context);
    asio::co_spawn(executor, caller(transport, i, 20, good), asio::detached);
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { context.run(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 640);
  EXPECT_LE(server.accepted(), 8u);
}

TEST(Load, CallersOfOtherContextsShareOneTransport) {
  const RawServer server(echo);
  asio::io_context home;
  auto work = asio::make_work_guard(home);
  std::thread home_thread([&] { home.run(); });
  std::atomic<int> good{0};
  {
    const HttpTransport transport = make(home.get_executor(), server, 3);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        asio::io_context own;
        for (int i = 0; i < 5; ++i)
          asio::co_spawn(own, caller(transport, 10 * t + i, 10, good), asio::detached);
        own.run();
      });
    }
    for (auto& thread : threads) thread.join();
  }
  work.reset();
  home_thread.join();
  EXPECT_EQ(good, 200);
}

// The client's context delivers responses while the contexts of the callers end. There are many callers, so
// that the end of a context takes longer than the time between two responses.
TEST(Load, ContextsOfCallersEndDuringCalls) {
  const RawServer server(echo);
  asio::io_context home;
  auto work = asio::make_work_guard(home);
  std::thread home_thread([&] { home.run(); });
  std::atomic<int> good{0};
  {
    const HttpTransport transport = make(home.get_executor(), server, 16);
    for (int round = 0; round < 30; ++round) {
      asio::io_context own;
      for (int i = 0; i < 200; ++i) asio::co_spawn(own, caller(transport, i, 2, good), asio::detached);
      while (good < 10) own.run_one();
      good = 0;
    }
    asio::io_context last;
    asio::co_spawn(last, caller(transport, 0, 1, good), asio::detached);
    last.run();
  }
  work.reset();
  home_thread.join();
  EXPECT_EQ(good, 1);
}

asio::awaitable<void> cancelled_caller(const HttpTransport& transport, std::atomic<int>& ended) {
  const auto result = co_await as_result(transport.request(echo_request("x"), CallLimits()));
  if (!result.has_value() || (*result).status == 200) ++ended;
}

TEST(Load, CancellationFromManyThreads) {
  // On half of its connections the server never sends a response.
  const RawServer server([](RawSession& session) {
    if (session.number() % 2 == 0) return session.wait_for_close();
    echo(session);
  });
  asio::io_context context;
  const HttpTransport transport = make(context.get_executor(), server, 4);
  constexpr int calls = 60;
  std::atomic<int> ended{0};
  std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
  for (int i = 0; i < calls; ++i) {
    auto& signal = *signals.emplace_back(std::make_unique<asio::cancellation_signal>());
    const asio::any_io_executor strand = asio::make_strand(context);
    asio::co_spawn(strand, cancelled_caller(transport, ended),
                   asio::bind_cancellation_slot(signal.slot(), asio::detached));
    auto timer = std::make_shared<asio::steady_timer>(strand, 1ms * (i % 20));
    timer->async_wait(
        [timer, &signal](boost::system::error_code) { signal.emit(asio::cancellation_type::terminal); });
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { context.run(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ended, calls);
}

TEST(Load, DeadlinesFromManyThreads) {
  const RawServer server([](RawSession& session) { session.wait_for_close(); });
  asio::io_context context;
  const HttpTransport transport = make(context.get_executor(), server, 4);
  std::atomic<int> late{0};
  const auto caller = [&](int number) -> asio::awaitable<void> {
    CallLimits limits;
    limits.deadline = Clock::now() + 1ms * (number % 10);
    const auto result = co_await as_result(transport.request(echo_request("x"), limits));
    if (!result.has_value() && result.error().get_if<RequestError>()->stage == Stage::timeout) ++late;
  };
  for (int i = 0; i < 60; ++i) asio::co_spawn(asio::make_strand(context), caller(i), asio::detached);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { context.run(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(late, 60);
}

TEST(Load, DeadlinesTogetherWithCancellations) {
  const RawServer server([](RawSession& session) {
    while (const auto head = session.read_head()) {
      if (head->find("content-length: 0\r\n") == std::string::npos) return session.wait_for_close();
      session.respond("ready");
    }
  });
  asio::io_context context;
  const HttpTransport transport = make(context.get_executor(), server, 8);
  constexpr int calls = 100;
  std::atomic<int> ended{0};
  std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
  const auto caller = [&](asio::any_io_executor strand, int number) -> asio::awaitable<void> {
    static_cast<void>(co_await transport.request(echo_request(""), CallLimits()));
    CallLimits limits;
    limits.deadline = Clock::now() + 1ms * (number % 5);
    const auto timer = std::make_shared<asio::steady_timer>(strand, limits.deadline);
    timer->async_wait([timer, &signal = *signals[static_cast<std::size_t>(number)]](
                          boost::system::error_code) { signal.emit(asio::cancellation_type::terminal); });
    const auto result = co_await as_result(transport.request(echo_request("x"), limits));
    if (result.has_value()) co_return;
    const auto stage = result.error().get_if<RequestError>()->stage;
    if (stage == Stage::timeout || stage == Stage::cancelled) ++ended;
  };
  for (int i = 0; i < calls; ++i) {
    auto& signal = *signals.emplace_back(std::make_unique<asio::cancellation_signal>());
    const asio::any_io_executor strand = asio::make_strand(context);
    asio::co_spawn(strand, caller(strand, i), asio::bind_cancellation_slot(signal.slot(), asio::detached));
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { context.run(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ended, calls);
}

TEST(Load, DeadlinesOfUploadsFromManyThreads) {
  // The server responds to small requests, and reads nothing of a large one.
  const RawServer server([](RawSession& session) {
    while (const auto head = session.read_head()) {
      if (head->find("content-length: 0\r\n") == std::string::npos) return session.wait_for_end();
      session.respond("ready");
    }
  });
  asio::io_context context;
  const HttpTransport transport = make(context.get_executor(), server, 4);
  const auto large = std::make_shared<const core::Buffer>(std::string(std::size_t(16) << 20, 'x'));
  std::atomic<int> late{0};
  const auto caller = [&](int number) -> asio::awaitable<void> {
    static_cast<void>(co_await transport.request(echo_request(""), CallLimits()));
    HttpRequest upload = echo_request("");
    upload.body = large;
    CallLimits limits;
    limits.deadline = Clock::now() + 1ms * (number % 10);
    const auto result = co_await as_result(transport.request(std::move(upload), limits));
    if (!result.has_value() && result.error().get_if<RequestError>()->stage == Stage::timeout) ++late;
  };
  for (int i = 0; i < 40; ++i) asio::co_spawn(context, caller(i), asio::detached);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { context.run(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(late, 40);
}

TEST(Load, StreamsDoNotGrowWithCalls) {
  constexpr int callers = 32;
  constexpr int calls = 300;
  auto network = std::make_shared<ScriptedNetwork>();
  test::ConnectionScript script;
  script.reads.assign(50, ScriptedNetwork::response("x"));  // Then it is dropped, and the next takes over.
  network->scripts.assign(3 * callers * calls / 50, script);
  asio::io_context context;
  TransportOptions options;
  options.max_connections = 8;
  std::size_t most = 0;
  options.observer = [&](const AttemptEvent&) { most = std::max(most, network->open_streams); };
  int good = 0;
  {
    const HttpTransport transport(context.get_executor(), test::make_scripted_connector(network), options);
    const auto caller = [&]() -> asio::awaitable<void> {
      for (int i = 0; i < calls; ++i) {
        HttpRequest request = echo_request("x");
        request.read_only = true;
        const HttpResponse response = co_await transport.request(std::move(request), CallLimits());
        if (response.status == 200) ++good;
      }
    };
    for (int i = 0; i < callers; ++i) asio::co_spawn(context, caller(), asio::detached);
    context.run();
  }
  EXPECT_EQ(good, callers * calls);
  EXPECT_LE(most, 8u);
  EXPECT_EQ(network->open_streams, 0u);
}

}  // namespace
}  // namespace chroma::transport
