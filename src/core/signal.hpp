#pragma once

#include <chroma/export.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>

namespace chroma::core {

/// Wakes one waiting coroutine from any thread. A notification before the wait is kept for it.
///
/// The coroutine waits on a timer in its own frame. The end of its execution context destroys the frame, and
/// a later `notify` touches nothing of that context. While the context ends, no other thread may call
/// `notify`: a caller on another context uses ContextLifetime.
class CHROMA_API Signal {
 public:
  Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  /// Waits for `notify`, on the executor of the coroutine. False if the deadline passes first.
  /// @throws boost::system::system_error with operation_aborted when cancelled
  [[nodiscard]] boost::asio::awaitable<bool> wait(std::chrono::steady_clock::time_point deadline);

  /// Thread-safe. Two notifications before a wait count as one.
  void notify() noexcept;

 private:
  class Sleep;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace chroma::core
