#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>

namespace chroma::core {

/// Wakes one waiting coroutine from any thread. A signal given before the wait is kept.
class Signal {
 public:
  explicit Signal(boost::asio::any_io_executor executor);
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  /// Waits for `notify`, on the executor given. False if the deadline passes first.
  /// @throws boost::system::system_error with operation_aborted when cancelled
  [[nodiscard]] boost::asio::awaitable<bool> wait(std::chrono::steady_clock::time_point deadline);

  /// Thread-safe; giving it twice is the same as once.
  void notify();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace chroma::core
