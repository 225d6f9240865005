#pragma once

#include <chroma/export.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

namespace chroma::core {

/// Whether an execution context still exists, for threads that are not the context's own; and in which
/// process it is, which changes when the program tells the context of a fork (`notify_fork`). Thread-safe.
class CHROMA_API ContextLifetime {
 public:
  /// The lifetime of the context of `executor`.
  [[nodiscard]] static std::shared_ptr<ContextLifetime> of(const boost::asio::any_io_executor& executor);

  /// Runs the function, which must be short, unless the context has begun to end. The context's end waits for
  /// it.
  template <class Function>
  void run(Function&& function) {
    const std::lock_guard lock(mutex_);
    if (!ended_) function();
  }

  /// 0 in the process that made the context, another number in each child that was forked from it.
  [[nodiscard]] std::size_t process() const noexcept { return process_; }

 private:
  class Service;

  void end();

  std::mutex mutex_;
  bool ended_ = false;
  std::atomic<std::size_t> process_ = 0;
};

}  // namespace chroma::core
