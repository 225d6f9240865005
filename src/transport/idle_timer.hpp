#pragma once

#include "core/context_lifetime.hpp"
#include "transport/clock.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace chroma::transport {

namespace asio = boost::asio;

/// Runs functions at a later time without being work of an execution context, so that `io_context::run()`
/// returns although idle connections are still to be closed. One thread of the process serves all of them; it
/// exists only while something is scheduled.
class IdleTimer {
 public:
  /// @param executor of the execution context whose objects the functions touch: they do not run any more
  /// when that context has begun to end
  explicit IdleTimer(const asio::any_io_executor& executor);

  /// Runs `function` at `when` on the timer's thread. It must not throw, and must be short. Thread-safe.
  /// @throws std::system_error or std::bad_alloc if it cannot be scheduled
  void schedule(Clock::time_point when, std::function<void()> function) const;

 private:
  class Thread;
  std::shared_ptr<core::ContextLifetime> lifetime_;
};

}  // namespace chroma::transport
