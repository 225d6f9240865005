#include "transport/idle_timer.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace chroma::transport {

/// Whether an execution context still exists. Its end waits for a function that is running.
class IdleTimer::Lifetime {
 public:
  void run(const std::function<void()>& function) {
    const std::lock_guard lock(mutex_);
    if (!ended_) function();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }

 private:
  std::mutex mutex_;
  bool ended_ = false;
};

/// Tells a `Lifetime` that its execution context ends.
class IdleTimer::Service final : public asio::execution_context::service {
 public:
  using key_type = Service;
  static inline asio::execution_context::id id;

  explicit Service(asio::execution_context& context) : asio::execution_context::service(context) {}

  const std::shared_ptr<Lifetime> lifetime = std::make_shared<Lifetime>();

 private:
  void shutdown() noexcept override { lifetime->end(); }
};

/// The thread, and what it is to run.
class IdleTimer::Thread {
 public:
  struct Entry {
    std::shared_ptr<Lifetime> lifetime;
    std::function<void()> function;
  };

  /// The object is never destroyed: its thread may run until the process ends.
  static Thread& instance() {
    static auto& thread = *new Thread;
    return thread;
  }

  void schedule(Clock::time_point when, Entry entry) {
    const std::lock_guard lock(mutex_);
    const auto place = entries_.emplace(when, std::move(entry));
    if (!running_) {
      try {
        std::thread([this] { run(); }).detach();
      } catch (...) {
        entries_.erase(place);
        throw;
      }
      running_ = true;
    }
    if (place == entries_.begin()) changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!entries_.empty()) {
      const auto when = entries_.begin()->first;
      if (Clock::now() < when) {
        changed_.wait_until(lock, when);
        continue;
      }
      auto due = entries_.extract(entries_.begin());
      lock.unlock();
      due.mapped().lifetime->run(due.mapped().function);
      due = {};
      lock.lock();
    }
    running_ = false;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Clock::time_point, Entry> entries_;
  bool running_ = false;
};

IdleTimer::IdleTimer(const asio::any_io_executor& executor)
    : lifetime_(asio::use_service<Service>(asio::query(executor, asio::execution::context)).lifetime) {}

void IdleTimer::schedule(Clock::time_point when, std::function<void()> function) const {
  Thread::instance().schedule(when, Thread::Entry{lifetime_, std::move(function)});
}

}  // namespace chroma::transport
