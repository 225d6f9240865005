#pragma once

#include "support/scripted_stream.hpp"
#include "transport/http_transport.hpp"

#include <chroma/error.hpp>
#include <chroma/result.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma::transport {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using test::ConnectionScript;
using test::ScriptedNetwork;

inline asio::awaitable<void> nothing() {
  co_return;
}

/// What the observer was told of one attempt.
struct Seen {
  std::size_t attempt;
  int status;
  std::optional<Stage> failed;
  std::uint64_t sent;
  std::uint64_t received;
  bool reused;
  std::optional<milliseconds> delay;
};

/// Whole calls on a scripted network, with time in the test's hands.
struct TransportRig {
  TransportRig() {
    options.origin.host = "server";
    options.origin.port = 1;
    options.observer = [this](const AttemptEvent& event) {
      seen.push_back({event.attempt, event.status, event.failed_stage, event.bytes_sent, event.bytes_received,
                      event.connection_reused, event.retry_delay});
    };
    hooks.now = [this] { return now; };
    hooks.random = [] { return 0.0; };
    hooks.sleep_until = [this](Clock::time_point time) {
      sleeps.push_back(std::chrono::duration_cast<milliseconds>(time - now));
      now = time;
      return nothing();
    };
  }

  void add_connection(std::vector<std::string> reads) {
    ConnectionScript script;
    script.reads = std::move(reads);
    network->scripts.push_back(std::move(script));
  }

  HttpTransport& make() {
    return transport.emplace(context->get_executor(), test::make_scripted_connector(network), options, hooks);
  }

  static HttpRequest request(std::string method, bool read_only, std::string body = {}) {
    HttpRequest result;
    result.operation = "collection_get";
    result.method = std::move(method);
    result.target = "/api/v2/x?name=secret";
    result.headers = {{"x-chroma-token", "secret"}};
    result.read_only = read_only;
    result.body = std::make_shared<const core::Buffer>(body);
    return result;
  }
  static HttpRequest read() { return request("GET", true); }
  static HttpRequest write() { return request("POST", false, "body"); }

  void start(HttpRequest what, CallLimits limits = CallLimits()) {
    results.emplace_back();
    signals.push_back(std::make_unique<asio::cancellation_signal>());
    asio::co_spawn(*context, as_result(transport->request(std::move(what), std::move(limits))),
                   asio::bind_cancellation_slot(signals.back()->slot(),
                                                [this, number = results.size() - 1](
                                                    std::exception_ptr fault, Result<HttpResponse> result) {
                                                  if (fault) std::rethrow_exception(fault);
                                                  results[number] = std::move(result);
                                                  ++ended;
                                                }));
  }

  /// Runs until nothing is pending: no timer, waiter or socket.
  void run() {
    context->restart();
    context->run();
  }

  const Result<HttpResponse>& call(HttpRequest what, CallLimits limits = CallLimits()) {
    start(std::move(what), std::move(limits));
    run();
    return results.back();
  }

  void cancel(std::size_t number) { signals[number]->emit(asio::cancellation_type::terminal); }

  void run_until_hanging() {
    context->restart();
    while (!network->hanging && context->poll_one() > 0) {
    }
    ASSERT_TRUE(network->hanging);
  }

  static const RequestError& error_of(const Result<HttpResponse>& result) {
    return *result.error().get_if<RequestError>();
  }

  std::unique_ptr<asio::io_context> context = std::make_unique<asio::io_context>();
  std::shared_ptr<ScriptedNetwork> network = std::make_shared<ScriptedNetwork>();
  TransportOptions options;
  TransportHooks hooks;
  Clock::time_point now = Clock::now();
  std::vector<milliseconds> sleeps;
  std::vector<Seen> seen;
  std::size_t ended = 0;
  std::vector<Result<HttpResponse>> results;
  std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
  std::optional<HttpTransport> transport;
};

class TransportTest : public testing::Test, public TransportRig {};

inline const std::string ok = ScriptedNetwork::response("fine");

}  // namespace chroma::transport
