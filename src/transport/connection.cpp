#include "transport/connection.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <new>
#include <utility>

namespace chroma::transport {
namespace {

/// Passes a cancellation of the caller on to the strand on which the connection is opened. It holds no
/// pointer into the operation, which may be over by the time it runs.
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

/// Resumes the caller on its own executor, and not on the strand.
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

/// Begins to open the connection on its strand: the initiation of an asynchronous operation.
class Connection::StartConnecting {
 public:
  StartConnecting(std::shared_ptr<Connection> connection, const Job& job)
      : connection_(std::move(connection)), job_(job) {}

  template <class Handler>
  void operator()(Handler&& handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) slot.template emplace<CancelProxy>(connection_, connection_->round_);
    const asio::any_io_executor strand = connection_->strand_;
    Resume<std::decay_t<Handler>> resume(std::forward<Handler>(handler), strand);
    // The signal is used on the strand only.
    asio::post(strand,
               [connection = std::move(connection_), &job = job_, resume = std::move(resume)]() mutable {
                 const auto slot_of_signal = connection->connecting_.slot();
                 const asio::any_io_executor executor = connection->strand_;
                 asio::co_spawn(executor, connect(std::move(connection), job),
                                asio::bind_cancellation_slot(slot_of_signal, std::move(resume)));
               });
  }

 private:
  std::shared_ptr<Connection> connection_;
  const Job& job_;
};

/// The time during which a job runs. At its end, also if the coroutine is destroyed, the connection is closed
/// unless it can serve another request.
class Connection::Round {
 public:
  Round(Connection& connection, const Outcome& outcome) noexcept
      : connection_(connection), outcome_(outcome) {}
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;
  ~Round() {
    std::unique_ptr<ByteStream> closed;  // Destroyed after the mutex is released.
    const std::lock_guard lock(connection_.mutex_);
    if (connection_.abort_ != Abort::none || !outcome_.keep_alive) closed = std::move(connection_.stream_);
    connection_.abort_ = Abort::none;
    ++connection_.round_;
  }

 private:
  Connection& connection_;
  const Outcome& outcome_;
};

Connection::Connection(const asio::any_io_executor& executor, std::string server, ResponseLimits limits)
    : strand_(asio::make_strand(executor)), server_(std::move(server)), reader_(server_, limits) {}

asio::awaitable<void> Connection::perform(const Job& job, Outcome& outcome) {
  outcome.forget_result();
  const Round round(*this, outcome);
  const Watchdog::Guard guard(job.watchdog, job.deadline, weak_from_this(), round_);
  try {
    outcome.connection_reused = connected();
    if (!connected()) {
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
          StartConnecting(shared_from_this(), job), asio::use_awaitable);
    }
    reader_.start();
    co_await exchange_on_stream(*stream_, job.request, reader_, outcome.traffic, server_);
    outcome.response = reader_.take();
    outcome.keep_alive =
        reader_.keep_alive() && outcome.traffic.sent == job.request.head.size() + job.request.body.size();
  } catch (const ChromaHttpClientError& failure) {
    if (const auto* error = failure.get_if<RequestError>()) {
      outcome.error = *error;
    } else {
      outcome.fault = std::current_exception();
    }
  } catch (const boost::system::system_error& failure) {
    outcome.error = failure.code() == asio::error::operation_aborted ? abort_error(Abort::cancelled)
                                                                     : connect_error(failure.code());
  } catch (...) {
    outcome.fault = std::current_exception();
  }
  const Abort abort = aborted();
  // A response that was complete when the abort came is kept.
  if (abort != Abort::none && outcome.response.status == 0) outcome.error = abort_error(abort);
}

/// Opens the connection, on the strand.
asio::awaitable<void> Connection::connect(std::shared_ptr<Connection> self, const Job& job) {
  if (self->aborted() != Abort::none) throw boost::system::system_error(asio::error::operation_aborted);
  std::unique_ptr<ByteStream> stream = co_await job.connector.connect(self->strand_, job.connect_deadline);
  const std::lock_guard lock(self->mutex_);
  if (self->abort_ != Abort::none) throw boost::system::system_error(asio::error::operation_aborted);
  self->stream_ = std::move(stream);
}

void Connection::on_deadline(std::size_t round) {
  try {
    abort(round, Abort::deadline);
  } catch (const std::bad_alloc&) {
    // There is no memory to cancel the connector, which keeps a deadline of its own.
  }
}

void Connection::cancel(std::size_t round) {
  abort(round, Abort::cancelled);
}

void Connection::abort(std::size_t round, Abort reason) {
  const std::lock_guard lock(mutex_);
  if (round != round_ || abort_ != Abort::none) return;
  abort_ = reason;
  if (stream_) {
    stream_->close();
    return;
  }
  asio::post(strand_, [weak = weak_from_this(), round] {
    if (const auto self = weak.lock()) self->cancel_connecting(round);
  });
}

/// Runs on the strand.
void Connection::cancel_connecting(std::size_t round) {
  {
    const std::lock_guard lock(mutex_);
    if (round != round_) return;
  }
  connecting_.emit(asio::cancellation_type::terminal);
}

Connection::Abort Connection::aborted() const {
  const std::lock_guard lock(mutex_);
  return abort_;
}

RequestError Connection::connect_error(const std::error_code& code) const {
  return RequestError{Stage::connect, code, "the connection to " + server_ + " failed: " + code.message()};
}

RequestError Connection::abort_error(Abort reason) const {
  if (reason == Abort::deadline) {
    return RequestError{Stage::timeout, asio::error::make_error_code(asio::error::timed_out),
                        "no complete response from " + server_ +
                            " before the deadline; is the server overloaded, or request_timeout too short?"};
  }
  return RequestError{Stage::cancelled, asio::error::make_error_code(asio::error::operation_aborted),
                      "cancelled by the caller before the response of " + server_ + " was complete"};
}

}  // namespace chroma::transport
