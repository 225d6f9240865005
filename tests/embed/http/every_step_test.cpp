// A failure, a cancellation, and the destruction of the context at each step of a call of several requests.
#include "embed/http/fixture.hpp"
#include "embed/http/parts.hpp"
#include "embed/http/rows.hpp"
#include "embed/http/service.hpp"
#include "support/scripted_stream.hpp"
#include "transport/http_transport.hpp"

#include <chroma/result.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <optional>

namespace {

using namespace chroma::test;
using namespace chroma::embed;
using chroma::ChromaHttpClientError;
using chroma::RequestError;
using chroma::Stage;
using chroma::test::ConnectionScript;
using chroma::test::ScriptedNetwork;

asio::awaitable<void> no_wait() {
  co_return;
}

Embeddings read_matrix(std::string_view body) {
  chroma::json::Reader in(body);
  auto rows = read_rows(in);
  in.finish();
  return rows;
}

/// A call of three texts, each in a request of its own. Every connection responds to each request alike.
class EveryStep : public testing::TestWithParam<std::size_t> {
 protected:
  EveryStep() { restart(); }

  void restart() {
    service.reset();
    context = std::make_unique<asio::io_context>();
    network = std::make_shared<ScriptedNetwork>();
    const auto response = ScriptedNetwork::response("[[1,2]]");
    for (int i = 0; i < 8; ++i) {
      ConnectionScript script;
      for (int k = 0; k < 8; ++k) {
        script.reads.push_back(response.substr(0, 20));
        script.reads.push_back(response.substr(20));
      }
      network->scripts.push_back(std::move(script));
    }
    chroma::transport::TransportHooks hooks;
    hooks.sleep_until = [](chroma::transport::Clock::time_point) { return no_wait(); };
    chroma::transport::TransportOptions transport;
    transport.origin.host = "server";
    chroma::transport::HttpClient http{
        "http://server", "",
        chroma::transport::HttpTransport(context->get_executor(), make_scripted_connector(network), transport,
                                         hooks)};
    ServiceAddress address;
    address.operation = "test_embed";
    service = std::make_shared<const Service>(std::move(http), options, std::move(address));
    outcome = chroma::Result<Embeddings>();
  }

  static asio::awaitable<Embeddings> request(std::shared_ptr<const Service> caller) {
    chroma::core::Buffer body("{}");
    const auto response = co_await caller->post("/embed", std::move(body), caller->deadline());
    co_return caller->decode(response, read_matrix);
  }

  void start() {
    const PartsCall<Embeddings>::Request one_request = [caller = service](std::span<const std::string>) {
      return request(caller);
    };
    auto call = embed_texts<Embeddings>(service, {"a", "b", "c"}, one_request,
                                        std::make_shared<RequestLimits>(1, 100), GetParam());
    asio::co_spawn(*context, chroma::as_result(std::move(call)),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [this](std::exception_ptr fault, chroma::Result<Embeddings> result) {
                         if (fault) std::rethrow_exception(fault);
                         outcome = std::move(result);
                       }));
  }
  void run() {
    context->restart();
    context->run();
  }
  void run_until_hanging() {
    while (!network->hanging && context->poll_one() > 0) {
    }
    ASSERT_TRUE(network->hanging);
  }

  /// The number of steps of a call without a fault.
  std::size_t count_steps() {
    start();
    run();
    EXPECT_TRUE(outcome.has_value());
    return network->steps;
  }

  /// Makes a call hang at each of its steps in turn, and calls `end` to end it.
  template <class End>
  void hang_at_every_step(End end) {
    const std::size_t steps = count_steps();
    for (std::size_t step = 0; step < steps; ++step) {
      SCOPED_TRACE(step);
      restart();
      network->hang_at = step;
      start();
      run_until_hanging();
      end();
    }
  }

  HttpEmbeddingOptions options;
  std::unique_ptr<asio::io_context> context;
  std::shared_ptr<ScriptedNetwork> network;
  std::shared_ptr<const Service> service;
  asio::cancellation_signal cancel;
  chroma::Result<Embeddings> outcome;
};

INSTANTIATE_TEST_SUITE_P(Requests, EveryStep, testing::Values(1U, 3U),
                         [](const auto& each) { return each.param == 1 ? "InTurn" : "SideBySide"; });

const Embeddings expected({{1, 2}, {1, 2}, {1, 2}});

TEST_P(EveryStep, AFailureIsRetried) {
  const std::size_t steps = count_steps();
  EXPECT_GE(steps, 10U);
  for (std::size_t step = 0; step < steps; ++step) {
    SCOPED_TRACE(step);
    restart();
    network->fail_at = step;
    start();
    run();
    ASSERT_TRUE(outcome.has_value()) << outcome.error().what();
    EXPECT_EQ(*outcome, expected);
  }
}

TEST_P(EveryStep, WithoutRetriesAFailureNamesTheTexts) {
  options.retry_options.max_retries = 0;
  restart();
  const std::size_t steps = count_steps();
  std::size_t failed = 0;
  for (std::size_t step = 0; step < steps; ++step) {
    SCOPED_TRACE(step);
    restart();
    network->fail_at = step;
    start();
    run();
    if (outcome.has_value()) {  // A kept connection that fails before the response is replaced.
      EXPECT_EQ(*outcome, expected);
      continue;
    }
    ++failed;
    const auto* error = outcome.error().get_if<RequestError>();
    ASSERT_NE(error, nullptr) << outcome.error().what();
    EXPECT_NE(error->message.find("(text "), std::string::npos) << error->message;
    EXPECT_EQ(outcome.error().operation(), "test_embed");
  }
  EXPECT_GE(failed, 3U);
}

TEST_P(EveryStep, CancellationEndsAllRequests) {
  hang_at_every_step([this] {
    cancel.emit(asio::cancellation_type::terminal);
    run();
    ASSERT_FALSE(outcome.has_value());
    const auto* error = outcome.error().get_if<RequestError>();
    ASSERT_NE(error, nullptr) << outcome.error().what();
    EXPECT_EQ(error->stage, Stage::cancelled);
    EXPECT_EQ(outcome.error().operation(), "test_embed");
  });
}

TEST_P(EveryStep, DestroyingTheContextDestroysTheCall) {
  hang_at_every_step([this] {
    service.reset();
    context.reset();
    EXPECT_EQ(network->open_streams, 0U);
  });
}

}  // namespace
