#include "transport/remote_call.hpp"

#include "core/context_lifetime.hpp"
#include "core/signal.hpp"
#include "transport/failure.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace chroma::transport {
namespace {

/// What the caller waits for. The caller owns it.
struct Waiting {
  core::Signal ended;
  std::optional<HttpResponse> response;  ///< Written, like `failure`, before `ended` is notified.
  std::exception_ptr failure;
};

/// The call's side: delivers its outcome, or its lack of one if the client's context destroys the call. The
/// end of the caller's context waits for a delivery that has begun, because it must not destroy the timer of
/// the signal at the same time.
class Delivery {
 public:
  Delivery(std::shared_ptr<core::ContextLifetime> lifetime, std::weak_ptr<Waiting> waiting)
      : lifetime_(std::move(lifetime)), waiting_(std::move(waiting)) {}
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  ~Delivery() {
    lifetime_->run([this] {
      const auto waiting = waiting_.lock();
      if (!waiting) return;
      waiting->response = std::move(response);
      waiting->failure = std::move(failure);
      waiting->ended.notify();
    });
  }

  std::optional<HttpResponse> response;
  std::exception_ptr failure;

 private:
  std::shared_ptr<core::ContextLifetime> lifetime_;  ///< Of the caller's context.
  std::weak_ptr<Waiting> waiting_;
};

asio::awaitable<void> run(std::function<asio::awaitable<HttpResponse>()> call,
                          std::shared_ptr<Delivery> delivery) {
  try {
    delivery->response = co_await call();
  } catch (...) {
    delivery->failure = std::current_exception();
  }
}

/// The strand of the call and the signal that cancels it. The call owns them, because they must not outlive
/// the client's context.
struct Cancellation {
  explicit Cancellation(const asio::any_io_executor& executor) : strand(asio::make_strand(executor)) {}
  asio::any_io_executor strand;
  asio::cancellation_signal signal;
};

/// Cancels the call when the caller leaves before its end. Without memory for that, the call goes on until
/// its own deadline, and nobody sees its result.
class Canceller {
 public:
  Canceller(std::shared_ptr<core::ContextLifetime> lifetime, std::weak_ptr<Cancellation> cancellation)
      : lifetime_(std::move(lifetime)), cancellation_(std::move(cancellation)) {}
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;
  ~Canceller() {
    if (!armed_) return;
    try {
      lifetime_->run([this] {
        if (const auto call = cancellation_.lock()) {
          asio::post(call->strand, [call] { call->signal.emit(asio::cancellation_type::terminal); });
        }
      });
    } catch (const std::bad_alloc&) {
    }
  }

  void disarm() noexcept { armed_ = false; }

 private:
  std::shared_ptr<core::ContextLifetime> lifetime_;
  std::weak_ptr<Cancellation> cancellation_;
  bool armed_ = true;
};

/// Starts the call on a strand of the executor.
std::weak_ptr<Cancellation> start(const asio::any_io_executor& executor,
                                  std::function<asio::awaitable<HttpResponse>()> call,
                                  std::shared_ptr<Delivery> delivery) {
  const auto cancellation = std::make_shared<Cancellation>(executor);
  const auto hold = [cancellation](std::exception_ptr) {};
  asio::co_spawn(cancellation->strand, run(std::move(call), std::move(delivery)),
                 asio::bind_cancellation_slot(cancellation->signal.slot(), hold));
  return cancellation;
}

}  // namespace

bool share_a_context(const asio::any_io_executor& one, const asio::any_io_executor& other) {
  return &asio::query(one, asio::execution::context) == &asio::query(other, asio::execution::context);
}

asio::awaitable<HttpResponse> call_remotely(asio::any_io_executor executor,
                                            std::function<asio::awaitable<HttpResponse>()> call,
                                            Clock::time_point deadline, std::string server) {
  const asio::any_io_executor own = co_await asio::this_coro::executor;
  const auto waiting = std::make_shared<Waiting>();
  auto delivery = std::make_shared<Delivery>(core::ContextLifetime::of(own), waiting);
  Canceller canceller(core::ContextLifetime::of(executor),
                      start(executor, std::move(call), std::move(delivery)));
  const bool ended = co_await waiting->ended.wait(deadline);
  if (!ended) {
    fail(Stage::timeout, asio::error::make_error_code(asio::error::timed_out),
         "no complete response from " + server +
             " before the deadline; is the server overloaded, or request_timeout too short? The call was "
             "awaited on another execution context than the client's, which must be run as well");
  }
  canceller.disarm();
  if (waiting->failure) std::rethrow_exception(waiting->failure);
  if (!waiting->response) {
    fail(Stage::cancelled, asio::error::make_error_code(asio::error::operation_aborted),
         "the execution context of the client ended before the response of " + server + " was complete");
  }
  co_return std::move(*waiting->response);
}

}  // namespace chroma::transport
