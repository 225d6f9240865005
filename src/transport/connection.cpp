#include "transport/connection.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace chroma::transport {
namespace {

/// Passes a cancellation of the caller on to the connection's strand. It holds no pointer into the operation:
/// by the time it runs, the operation may be over.
class CancelProxy {
 public:
  CancelProxy(std::weak_ptr<Connection> connection, std::size_t round)
      : connection_(std::move(connection)), round_(round) {}
  void operator()(asio::cancellation_type) const {
    if (const auto connection = connection_.lock()) connection->cancel(round_);
  }

 private:
  std::weak_ptr<Connection> connection_;
  std::size_t round_;
};

/// Resumes the caller on its own executor, never within the strand: what the caller does next must not hold
/// up the connection's next user.
template <class Handler>
class Resume {
 public:
  using executor_type = asio::any_io_executor;

  Resume(Handler handler, asio::any_io_executor strand)
      : handler_(std::move(handler)),
        strand_(std::move(strand)),
        work_(asio::get_associated_executor(handler_, strand_)) {}

  [[nodiscard]] executor_type get_executor() const noexcept { return strand_; }

  void operator()(std::exception_ptr fault) {
    const auto executor = work_.get_executor();
    asio::post(executor, [handler = std::move(handler_), fault = std::move(fault)]() mutable {
      std::move(handler)(std::move(fault));
    });
    work_.reset();
  }

 private:
  Handler handler_;
  asio::any_io_executor strand_;
  asio::executor_work_guard<asio::any_io_executor> work_;
};

}  // namespace

void Outcome::forget_result() {
  response = HttpResponse();
  error.reset();
  fault = nullptr;
  keep_alive = false;
}

/// Starts a job when its caller waits for it.
class Connection::Launch {
 public:
  Launch(std::shared_ptr<Connection> connection, const Job& job, Outcome& outcome)
      : connection_(std::move(connection)), job_(job), outcome_(outcome) {}

  template <class Handler>
  void operator()(Handler&& handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) slot.template emplace<CancelProxy>(connection_, connection_->round_);
    // Connecting has no stream yet that could be closed, so only then cancellation goes the long way.
    const auto inner = connection_->connected() ? asio::cancellation_slot() : connection_->connect_.slot();
    const asio::any_io_executor strand = connection_->strand_;
    asio::co_spawn(strand, run(std::move(connection_), job_, outcome_),
                   asio::bind_cancellation_slot(
                       inner, Resume<std::decay_t<Handler>>(std::forward<Handler>(handler), strand)));
  }

 private:
  std::shared_ptr<Connection> connection_;
  const Job& job_;
  Outcome& outcome_;
};

Connection::Connection(const asio::any_io_executor& executor, std::string server, ResponseLimits limits)
    : strand_(asio::make_strand(executor)), server_(std::move(server)), reader_(server_, limits) {}

asio::awaitable<void> Connection::perform(const Job& job, Outcome& outcome) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
      Launch(shared_from_this(), job, outcome), asio::use_awaitable);
}

asio::awaitable<void> Connection::run(std::shared_ptr<Connection> self, const Job& job, Outcome& outcome) {
  self->aborted_ = Abort::none;
  outcome.forget_result();
  {
    const Watchdog::Guard guard(job.watchdog, job.deadline, self->weak_from_this(), self->round_);
    try {
      co_await self->converse(job, outcome);
    } catch (const ChromaHttpClientError& failure) {
      if (const auto* error = failure.get_if<RequestError>()) {
        outcome.error = *error;
      } else {
        outcome.fault = std::current_exception();
      }
    } catch (const boost::system::system_error& failure) {
      outcome.error =
          RequestError{Stage::connect, failure.code(),
                       "the connection to " + self->server_ + " failed: " + failure.code().message()};
    } catch (...) {
      outcome.fault = std::current_exception();
    }
  }
  if (self->aborted_ != Abort::none) {
    // An answer that was complete when the end came is still an answer.
    if (outcome.response.status == 0) outcome.error = self->aborted_error();
    outcome.keep_alive = false;
  }
  if (!outcome.keep_alive) self->stream_.reset();
  ++self->round_;
}

asio::awaitable<void> Connection::converse(const Job& job, Outcome& outcome) {
  outcome.connection_reused = connected();
  if (!connected()) stream_ = co_await job.connector.connect(strand_, job.connect_deadline);
  if (aborted_ != Abort::none) co_return;
  reader_.start();
  co_await exchange_on_stream(*stream_, job.request, reader_, outcome.traffic, server_);
  outcome.response = reader_.take();
  outcome.keep_alive =
      reader_.keep_alive() && outcome.traffic.sent == job.request.head.size() + job.request.body.size();
}

void Connection::on_deadline(std::size_t round) {
  abort_soon(round, Abort::deadline);
}

void Connection::cancel(std::size_t round) {
  abort_soon(round, Abort::cancelled);
}

void Connection::abort_soon(std::size_t round, Abort reason) {
  asio::dispatch(strand_, [weak = weak_from_this(), round, reason] {
    if (const auto self = weak.lock()) self->abort(round, reason);
  });
}

void Connection::abort(std::size_t round, Abort reason) {
  if (round != round_ || aborted_ != Abort::none) return;
  aborted_ = reason;
  if (stream_) {
    stream_->close();
  } else {
    connect_.emit(asio::cancellation_type::terminal);
  }
}

RequestError Connection::aborted_error() const {
  if (aborted_ == Abort::deadline) {
    return RequestError{Stage::timeout, asio::error::make_error_code(asio::error::timed_out),
                        "no complete response from " + server_ +
                            " before the deadline; is the server overloaded, or request_timeout too short?"};
  }
  return RequestError{Stage::cancelled, asio::error::make_error_code(asio::error::operation_aborted),
                      "cancelled by the caller before the response of " + server_ + " was complete"};
}

}  // namespace chroma::transport
