#pragma once

#include "transport/byte_stream.hpp"
#include "transport/connector.hpp"
#include "transport/http_exchange.hpp"
#include "transport/http_message.hpp"
#include "transport/response_reader.hpp"
#include "transport/watchdog.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace chroma::transport {

/// What one request needs of a connection. It belongs to the caller, who waits for the end.
struct Job {
  WireRequest request;
  Connector& connector;
  std::shared_ptr<Watchdog> watchdog;
  Clock::time_point connect_deadline;
  Clock::time_point deadline;
};

/// The outcome of a job: a response or an error. One outcome may serve several jobs, one after the other;
/// `begin` and `traffic` are then for their caller to set.
struct Outcome {
  HttpResponse response;                   ///< Valid unless `error` or `fault` is set.
  std::optional<RequestError> error;       ///< There is no complete response.
  std::exception_ptr fault;                ///< Another exception, for example std::bad_alloc.
  std::optional<Clock::time_point> begin;  ///< When the connection was taken from the pool.
  ByteCounts traffic;
  bool connection_reused = false;
  bool keep_alive = false;  ///< The connection may serve another request.

  /// Resets everything except `begin` and `traffic`.
  void forget_result();
};

/// A connection to one server. One caller at a time uses it, on any executor of the execution context that
/// the connection was made for. The exchange runs in the caller's own coroutine; only opening the connection,
/// which takes several handlers and timers, runs on a strand.
class Connection final : public Watched, public std::enable_shared_from_this<Connection> {
 public:
  /// Not connected yet; the first job connects.
  Connection(const asio::any_io_executor& executor, std::string server, ResponseLimits limits);

  /// True if a job has left it open.
  [[nodiscard]] bool connected() const noexcept { return stream_ != nullptr; }
  /// False if another process has opened the connection, or would open it next. From now on it is this
  /// process.
  /// @pre no job runs
  [[nodiscard]] bool opened_by(std::size_t process) noexcept {
    return std::exchange(process_, process) == process;
  }
  /// True if an open connection can serve another request. @pre no job runs
  [[nodiscard]] bool is_reusable() const noexcept { return stream_ != nullptr && stream_->is_reusable(); }
  /// Closes an idle connection; the next job connects anew. @pre no job runs
  void disconnect() noexcept { stream_.reset(); }

  /// Runs one job, connecting if need be. When the caller is cancelled or destroyed, or the deadline passes,
  /// the connection is closed. It is also closed after a failure, and after a response that does not allow
  /// another request.
  [[nodiscard]] asio::awaitable<void> perform(const Job& job, Outcome& outcome);

  void on_deadline(std::size_t round) override;
  /// Ends the opening of the connection for the job with the number `round`. From any thread.
  void cancel(std::size_t round);

 private:
  class Round;
  class StartConnecting;
  enum class Abort { none, deadline, cancelled };

  static asio::awaitable<void> connect(std::shared_ptr<Connection> self, const Job& job);
  void abort(std::size_t round, Abort reason);
  void cancel_connecting(std::size_t round);
  [[nodiscard]] Abort aborted() const;
  [[nodiscard]] RequestError connect_error(const std::error_code& code) const;
  [[nodiscard]] RequestError abort_error(Abort reason) const;

  asio::any_io_executor strand_;
  std::string server_;
  ResponseReader reader_;
  std::size_t process_ = 0;
  asio::cancellation_signal connecting_;  ///< Ends an attempt to connect. Used on the strand only.

  mutable std::mutex mutex_;  ///< Guards the following members against `abort` on another thread.
  std::unique_ptr<ByteStream> stream_;
  std::size_t round_ = 0;  ///< Number of the job that runs, or of the next one.
  Abort abort_ = Abort::none;
};

}  // namespace chroma::transport
