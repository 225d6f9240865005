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
#include <optional>
#include <string>
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

/// What came of it: an answer or an error. One outcome may serve several jobs, one after the other; `begin`
/// and `traffic` are then their caller's.
struct Outcome {
  HttpResponse response;                   ///< Valid unless `error` or `fault`.
  std::optional<RequestError> error;       ///< No complete answer.
  std::exception_ptr fault;                ///< Neither: memory, or a mistake in the program.
  std::optional<Clock::time_point> begin;  ///< When a connection was there.
  ByteCounts traffic;
  bool connection_reused = false;
  bool keep_alive = false;  ///< The connection may serve another request.

  /// Forgets what came of the job before.
  void forget_result();
};

/// A connection and the strand on which everything happens that touches it. It is used by one caller at a
/// time, who may live on any executor.
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
  /// True if an open connection is still good. @pre no job runs
  [[nodiscard]] bool is_reusable() const noexcept { return stream_ != nullptr && stream_->is_reusable(); }
  /// Closes an idle connection; the next job connects anew. @pre no job runs
  void disconnect() noexcept { stream_.reset(); }

  /// Runs one job on the strand, connecting if need be, and resumes the caller on its own executor. When the
  /// caller is cancelled or the deadline passes, the connection is closed. After anything but a clean end it
  /// is not connected.
  [[nodiscard]] asio::awaitable<void> perform(const Job& job, Outcome& outcome);

  void on_deadline(std::size_t round) override;
  /// The caller no longer wants the job with the number `round`. From any thread.
  void cancel(std::size_t round);

 private:
  class Launch;
  enum class Abort { none, deadline, cancelled };

  static asio::awaitable<void> run(std::shared_ptr<Connection> self, const Job& job, Outcome& outcome);
  asio::awaitable<void> converse(const Job& job, Outcome& outcome);
  void abort_soon(std::size_t round, Abort reason);
  void abort(std::size_t round, Abort reason);
  [[nodiscard]] RequestError aborted_error() const;

  asio::any_io_executor strand_;
  std::string server_;
  ResponseReader reader_;
  std::unique_ptr<ByteStream> stream_;
  std::size_t process_ = 0;
  std::size_t round_ = 0;        ///< Number of the job under way, or of the next. Written on the strand.
  Abort aborted_ = Abort::none;  ///< On the strand.
  asio::cancellation_signal connect_;  ///< Ends an attempt to connect. On the strand.
};

}  // namespace chroma::transport
