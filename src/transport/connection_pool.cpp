#include "transport/connection_pool.hpp"

#include "core/signal.hpp"

#include <exception>
#include <new>
#include <utility>

namespace chroma::transport {

Lease& Lease::operator=(Lease&& other) noexcept {
  std::swap(pool_, other.pool_);
  std::swap(connection_, other.connection_);
  return *this;
}

Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_));
}

/// A caller in the queue. The mutex of the pool guards its members, except for the signal.
class ConnectionPool::Waiter {
 public:
  explicit Waiter(ConnectionPool& pool) : pool_(pool) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (auto unused = leave()) pool_.give_back(std::move(unused));
  }

  /// @pre the mutex is held
  void enter() { place_ = pool_.waiters_.insert(pool_.waiters_.end(), this); }

  /// @pre the mutex is held, and this is the first of the queue
  void grant(std::shared_ptr<Connection> connection) noexcept {
    granted_ = std::move(connection);
    pool_.waiters_.erase(*std::exchange(place_, std::nullopt));
    signal_.notify();
  }

  asio::awaitable<bool> wait(Clock::time_point deadline) { return signal_.wait(deadline); }

  /// Leaves the queue, with the connection if one was granted.
  std::shared_ptr<Connection> leave() noexcept {
    const std::lock_guard lock(pool_.mutex_);
    if (place_) pool_.waiters_.erase(*std::exchange(place_, std::nullopt));
    return std::exchange(granted_, nullptr);
  }

 private:
  ConnectionPool& pool_;
  core::Signal signal_;  ///< A connection was granted.
  std::optional<std::list<Waiter*>::iterator> place_;
  std::shared_ptr<Connection> granted_;
};

ConnectionPool::ConnectionPool(PoolOptions options) : options_(std::move(options)) {}

/// @param waiter enters the queue if there is no connection; unless nullptr
std::optional<Lease> ConnectionPool::try_take(Waiter* waiter) {
  Connections too_old;  // Closed when the lock is gone.
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    too_old = expired();
    if (!idle_.empty()) {
      connection = std::move(idle_.back().connection);
      idle_.pop_back();
    } else if (open_ < options_.max_connections) {
      connection = options_.make_connection();
      ++open_;
    } else {
      if (waiter != nullptr) waiter->enter();
      return std::nullopt;
    }
  }
  return lease(std::move(connection));
}

asio::awaitable<std::optional<Lease>> ConnectionPool::take(std::shared_ptr<ConnectionPool> pool,
                                                           Clock::time_point deadline) {
  Waiter waiter(*pool);
  std::optional<Lease> taken = pool->try_take(&waiter);
  if (taken) co_return taken;
  static_cast<void>(co_await waiter.wait(deadline));
  if (auto granted = waiter.leave()) taken = pool->lease(std::move(granted));
  co_return taken;
}

Lease ConnectionPool::lease(std::shared_ptr<Connection> connection) {
  Lease result(shared_from_this(), std::move(connection));
  const bool is_own = result.connection().opened_by(process());
  if (!is_own || !result.connection().is_reusable()) result.connection().disconnect();
  return result;
}

void ConnectionPool::give_back(std::shared_ptr<Connection> connection) noexcept {
  Connections too_old;  // Closed when the lock is gone, as is the connection if nobody wants it.
  const std::lock_guard lock(mutex_);
  too_old = expired();
  if (!waiters_.empty()) {
    waiters_.front()->grant(std::move(connection));
  } else if (connection->connected() && options_.idle_timeout.count() > 0) {
    keep(std::move(connection));
  } else {
    --open_;
  }
}

/// @pre the mutex is held
void ConnectionPool::keep(std::shared_ptr<Connection> connection) noexcept {
  try {
    idle_.push_back(Idle{connection, options_.now()});
  } catch (const std::bad_alloc&) {
    --open_;  // There is no memory to remember the connection, which closes.
    return;
  }
  schedule_expiry();
}

/// @pre the mutex is held, and there is an idle connection
void ConnectionPool::schedule_expiry() noexcept {
  if (!options_.schedule || expiry_scheduled_in_ == process()) return;
  const auto when = add_saturating(idle_.front().since, options_.idle_timeout);
  if (when == Clock::time_point::max()) return;
  try {
    options_.schedule(when, [weak = weak_from_this()] {
      if (const auto pool = weak.lock()) pool->on_expiry();
    });
    expiry_scheduled_in_ = process();
  } catch (const std::exception&) {
    // Then the next use of the pool closes what has expired by that time.
  }
}

void ConnectionPool::on_expiry() noexcept {
  Connections too_old;  // Closed when the lock has been released.
  const std::lock_guard lock(mutex_);
  expiry_scheduled_in_.reset();
  too_old = expired();
  if (!idle_.empty()) schedule_expiry();
}

ConnectionPool::Connections ConnectionPool::expired() {
  Connections too_old;
  if (idle_.empty()) return too_old;
  const Clock::time_point now = options_.now();
  while (!idle_.empty() && now >= add_saturating(idle_.front().since, options_.idle_timeout)) {
    too_old.splice(too_old.end(), idle_, idle_.begin());
    --open_;
  }
  return too_old;
}

ConnectionPool::Counts ConnectionPool::counts() const {
  const std::lock_guard lock(mutex_);
  return {open_, idle_.size(), waiters_.size()};
}

}  // namespace chroma::transport
