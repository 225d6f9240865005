#pragma once

#include "transport/connection.hpp"
#include "transport/http_message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace chroma::transport {

/// The right to use one connection. The destructor gives the connection back to the pool; if it is not
/// connected by then, the pool drops it.
class Lease {
 public:
  Lease() noexcept = default;
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

  [[nodiscard]] Connection& connection() const noexcept { return *connection_; }

 private:
  friend class ConnectionPool;
  Lease(std::shared_ptr<class ConnectionPool> pool, std::shared_ptr<Connection> connection) noexcept
      : pool_(std::move(pool)), connection_(std::move(connection)) {}

  std::shared_ptr<ConnectionPool> pool_;
  std::shared_ptr<Connection> connection_;
};

struct PoolOptions {
  std::size_t max_connections = 64;
  std::chrono::milliseconds idle_timeout{30'000};
  std::function<Clock::time_point()> now;
  std::function<std::shared_ptr<Connection>()> make_connection;  ///< Makes one that is not connected yet.
  /// The number of this process, see core::ContextLifetime. A connection that another process opened is not
  /// used: both would read each other's responses. A function that another process has scheduled does not run
  /// in this one. Empty: always the same process.
  std::function<std::size_t()> process;
  /// Runs a function at a later time, on any thread; empty: idle connections are closed only when a
  /// connection is taken or given back.
  std::function<void(Clock::time_point, std::function<void()>)> schedule;
};

/// The connections to one origin. Idle ones are kept until `idle_timeout`, and the one that was used last is
/// used first. They are no work of an execution context. When all are in use, callers wait in order.
/// Thread-safe.
class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
 public:
  explicit ConnectionPool(PoolOptions options);
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// A connection if one can be had at once.
  [[nodiscard]] std::optional<Lease> try_take() { return try_take(nullptr); }

  /// Waits for a connection; nothing if there is none before the deadline. A waiter that is cancelled or
  /// destroyed leaves the queue.
  /// @throws boost::system::system_error with operation_aborted when cancelled
  [[nodiscard]] static asio::awaitable<std::optional<Lease>> take(std::shared_ptr<ConnectionPool> pool,
                                                                  Clock::time_point deadline);

  /// What there is at this moment, for tests.
  struct Counts {
    std::size_t open = 0;  ///< In use or idle.
    std::size_t idle = 0;
    std::size_t waiting = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  friend class Lease;
  class Waiter;
  struct Idle {
    std::shared_ptr<Connection> connection;
    Clock::time_point since;
  };
  using Connections = std::list<Idle>;  ///< A list, whose nodes move without an allocation.

  [[nodiscard]] std::optional<Lease> try_take(Waiter* waiter);
  [[nodiscard]] Lease lease(std::shared_ptr<Connection> connection);
  void give_back(std::shared_ptr<Connection> connection) noexcept;
  [[nodiscard]] std::size_t process() const { return options_.process ? options_.process() : 0; }
  [[nodiscard]] Connections expired();
  void keep(std::shared_ptr<Connection> connection) noexcept;
  void schedule_expiry() noexcept;
  void on_expiry() noexcept;

  const PoolOptions options_;
  mutable std::mutex mutex_;
  std::size_t open_ = 0;
  Connections idle_;                                ///< The longest idle first.
  std::optional<std::size_t> expiry_scheduled_in_;  ///< The process whose function will run.
  std::list<Waiter*> waiters_;                      ///< If there are any, all connections are in use.
};

}  // namespace chroma::transport
