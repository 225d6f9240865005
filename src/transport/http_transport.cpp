// One call from request to final response: attempts, each with its redirects and connections, and the waits
// between.

#include "transport/http_transport.hpp"

#include "core/context_lifetime.hpp"
#include "transport/attempt_report.hpp"
#include "transport/connection.hpp"
#include "transport/connection_pool.hpp"
#include "transport/idle_timer.hpp"
#include "transport/proxy.hpp"
#include "transport/redirect.hpp"
#include "transport/remote_call.hpp"
#include "transport/request_head.hpp"
#include "transport/retry.hpp"
#include "transport/watchdog.hpp"

#include <chroma/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace chroma::transport {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_redirects = 10;
constexpr int proxy_authentication_required = 407;

asio::awaitable<void> sleep_on_timer(Clock::time_point time) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

double random_on_this_thread() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

TransportHooks complete(TransportHooks hooks, const asio::any_io_executor& executor) {
  if (!hooks.sleep_until) hooks.sleep_until = sleep_on_timer;
  if (!hooks.random) hooks.random = random_on_this_thread;
  if (!hooks.now) {
    hooks.now = Clock::now;
    hooks.schedule = [timer = IdleTimer(executor)](Clock::time_point when, std::function<void()> function) {
      timer.schedule(when, std::move(function));
    };
  }
  return hooks;
}

}  // namespace

struct HttpTransport::State {
  State(asio::any_io_executor executor_in, std::unique_ptr<Connector> connector_in,
        TransportOptions options_in, TransportHooks hooks_in)
      : executor(std::move(executor_in)),
        connector(std::move(connector_in)),
        options(std::move(options_in)),
        hooks(complete(std::move(hooks_in), executor)),
        server(options.origin.authority()),
        watchdog(std::make_shared<Watchdog>(executor)) {
    ResponseLimits limits;
    limits.body_bytes = options.max_response_bytes;
    PoolOptions pooling;
    pooling.max_connections = std::max(options.max_connections, std::size_t(1));
    pooling.idle_timeout = options.idle_timeout;
    pooling.now = hooks.now;
    pooling.schedule = hooks.schedule;
    pooling.process = [lifetime = core::ContextLifetime::of(executor)] { return lifetime->process(); };
    pooling.make_connection = [executor = executor, server = server, limits] {
      return std::make_shared<Connection>(executor, server, limits);
    };
    pool = std::make_shared<ConnectionPool>(std::move(pooling));
  }

  static asio::awaitable<HttpResponse> request(std::shared_ptr<State> self, HttpRequest request,
                                               CallLimits limits);
  static asio::awaitable<HttpResponse> call(std::shared_ptr<State> self, HttpRequest request,
                                            CallLimits limits);
  asio::awaitable<void> attempt(const HttpRequest& request, Clock::time_point deadline, Outcome& outcome);
  asio::awaitable<void> request_once(const HttpRequest& request, std::string_view target,
                                     Clock::time_point deadline, Outcome& outcome);

  [[nodiscard]] milliseconds remaining(Clock::time_point deadline) const;
  [[nodiscard]] RequestError cancelled_error(const std::error_code& code) const;
  [[nodiscard]] RequestError too_late_error() const;
  [[nodiscard]] RequestError no_connection_error() const;

  const asio::any_io_executor executor;
  const std::unique_ptr<Connector> connector;
  const TransportOptions options;
  const TransportHooks hooks;
  const std::string server;
  const std::shared_ptr<Watchdog> watchdog;
  std::shared_ptr<ConnectionPool> pool;
};

HttpTransport::HttpTransport(asio::any_io_executor executor, std::unique_ptr<Connector> connector,
                             TransportOptions options, TransportHooks hooks)
    : state_(std::make_shared<State>(std::move(executor), std::move(connector), std::move(options),
                                     std::move(hooks))) {}

HttpTransport::~HttpTransport() = default;

asio::awaitable<HttpResponse> HttpTransport::request(HttpRequest request, CallLimits limits) const {
  return State::request(state_, std::move(request), std::move(limits));
}

/// On the client's own context the watchdog keeps the deadline, and what the call refers to lives as long as
/// the context.
asio::awaitable<HttpResponse> HttpTransport::State::request(std::shared_ptr<State> self, HttpRequest request,
                                                            CallLimits limits) {
  const asio::any_io_executor caller = co_await asio::this_coro::executor;
  if (share_a_context(caller, self->executor)) {
    co_return co_await call(std::move(self), std::move(request), std::move(limits));
  }
  const auto deadline = limits.deadline;
  const auto operation = request.operation;
  const auto shared =
      std::make_shared<std::pair<HttpRequest, CallLimits>>(std::move(request), std::move(limits));
  const std::function<asio::awaitable<HttpResponse>()> start = [self, shared] {
    return call(self, std::move(shared->first), std::move(shared->second));
  };
  try {
    co_return co_await call_remotely(self->executor, start, deadline, self->server);
  } catch (const ChromaHttpClientError& error) {
    if (!error.operation().empty()) throw;
    throw error.with_context(operation, error.attempts());
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
    throw ChromaHttpClientError(self->cancelled_error(error.code()), operation);
  }
}

asio::awaitable<HttpResponse> HttpTransport::State::call(std::shared_ptr<State> self, HttpRequest request,
                                                         CallLimits limits) {
  std::size_t attempts = 1;
  try {
    for (;; ++attempts) {
      Outcome outcome;
      co_await self->attempt(request, limits.deadline, outcome);
      if (outcome.fault) std::rethrow_exception(outcome.fault);
      AttemptResult result;
      result.read_only = request.read_only;
      std::optional<milliseconds> delay;
      if (outcome.error) {
        result.failed_stage = outcome.error->stage;
        result.failure = outcome.error->code;
      } else if (outcome.response.status != request.expected_error_status) {
        result.status = outcome.response.status;
        if (request.retry_rule != nullptr) result.verdict = request.retry_rule(outcome.response);
      }
      if (is_worth_retrying(result)) {
        if (!outcome.error) result.retry_after = retry_after(outcome.response);
        delay = retry_delay(limits.retry, result, attempts - 1, self->remaining(limits.deadline),
                            self->hooks.random());
      }
      const Clock::time_point end = self->hooks.now();
      report_attempt(self->options.observer, self->options.logger, request, attempts, outcome,
                     end - outcome.begin.value_or(end), delay);
      if (!delay) {
        if (outcome.error) throw ChromaHttpClientError(*std::move(outcome.error));
        outcome.response.attempts = attempts;
        co_return std::move(outcome.response);
      }
      co_await self->hooks.sleep_until(add_saturating(self->hooks.now(), *delay));
    }
  } catch (const ChromaHttpClientError& error) {
    throw error.with_context(request.operation, attempts);
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
    throw ChromaHttpClientError(self->cancelled_error(error.code()), request.operation, attempts);
  }
}

asio::awaitable<void> HttpTransport::State::attempt(const HttpRequest& request, Clock::time_point deadline,
                                                    Outcome& outcome) {
  std::string elsewhere;
  std::string_view target = request.target;
  for (std::size_t followed = 0;; ++followed) {
    co_await request_once(request, target, deadline, outcome);
    if (outcome.error || outcome.fault) co_return;
    // With plain http a proxy may respond in place of the server; only this status is certainly its own.
    const std::string& proxy = connector->route().proxy;
    if (outcome.response.status == proxy_authentication_required && !proxy.empty()) {
      outcome.error =
          refused_by_proxy("request to " + server + " through proxy " + proxy, outcome.response.status);
      co_return;
    }
    try {
      auto next = redirect_target(outcome.response, options.origin, request.method, target);
      if (!next) co_return;
      if (followed == most_redirects) fail_too_many_redirects(options.origin, most_redirects);
      elsewhere = *std::move(next);
      target = elsewhere;
    } catch (const ChromaHttpClientError& error) {
      outcome.error = *error.get_if<RequestError>();
      co_return;
    }
  }
}

/// One request and its response. A kept connection that turns out to be dead is replaced once by a new one,
/// as long as the server cannot have acted upon the request: that is still the same attempt.
asio::awaitable<void> HttpTransport::State::request_once(const HttpRequest& request, std::string_view target,
                                                         Clock::time_point deadline, Outcome& outcome) {
  const std::string head =
      format_request_head(request, target, options.origin, options.headers, connector->route());
  if (hooks.now() >= deadline) {
    outcome.error = too_late_error();
    co_return;
  }
  std::optional<Lease> lease = pool->try_take();
  if (!lease) lease = co_await ConnectionPool::take(pool, deadline);
  if (!lease) {
    outcome.error = no_connection_error();
    co_return;
  }
  if (!outcome.begin) outcome.begin = hooks.now();
  for (;;) {
    const Clock::time_point connect_by = options.connect_timeout.count() > 0
                                             ? add_saturating(hooks.now(), options.connect_timeout)
                                             : Clock::time_point::max();
    WireRequest wire{head, {}};
    if (request.method != "GET") wire.body = request.body_view();
    const Job job{wire, *connector, watchdog, std::min(connect_by, deadline), deadline};
    const ByteCounts before = std::exchange(outcome.traffic, ByteCounts());
    co_await lease->connection().perform(job, outcome);
    const bool nothing_came = outcome.error && outcome.traffic.received == 0;
    const bool was_dead = nothing_came && outcome.connection_reused &&
                          (outcome.error->stage == Stage::read || outcome.error->stage == Stage::write);
    // A server that closes an idle connection may say so with a 408, which crosses the request on its way. It
    // has not read the request.
    const bool idle_timeout_crossed =
        !outcome.error && outcome.response.status == 408 && outcome.connection_reused && !outcome.keep_alive;
    const bool may_repeat =
        (was_dead && (request.read_only || outcome.traffic.sent == 0)) || idle_timeout_crossed;
    outcome.traffic.sent += before.sent;
    outcome.traffic.received += before.received;
    // A failed connection is closed, so the next one is new and is not replaced again.
    if (outcome.fault || !may_repeat) co_return;
  }
}

milliseconds HttpTransport::State::remaining(Clock::time_point deadline) const {
  if (deadline == Clock::time_point::max()) return milliseconds::max();
  return std::chrono::duration_cast<milliseconds>(deadline - hooks.now());
}

RequestError HttpTransport::State::cancelled_error(const std::error_code& code) const {
  return RequestError{Stage::cancelled, code,
                      "cancelled by the caller before the response of " + server + " was complete"};
}

RequestError HttpTransport::State::too_late_error() const {
  return RequestError{Stage::timeout, asio::error::make_error_code(asio::error::timed_out),
                      "the deadline had passed before a request to " + server +
                          " could be sent; is request_timeout too short?"};
}

RequestError HttpTransport::State::no_connection_error() const {
  return RequestError{Stage::timeout, asio::error::make_error_code(asio::error::timed_out),
                      "no connection to " + server + " became free before the deadline; all " +
                          std::to_string(options.max_connections) +
                          " are in use: raise max_connections or request_timeout, or send less at once"};
}

}  // namespace chroma::transport
