#include "transport/idle_timer.hpp"

#include "core/per_process.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace chroma::transport {

/// The thread and the functions that it will run.
class IdleTimer::Thread {
 public:
  struct Entry {
    std::shared_ptr<core::ContextLifetime> lifetime;
    std::function<void()> function;
  };

  static Thread& instance() {
    static core::PerProcess<Thread> threads;
    return threads.get();
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
    : lifetime_(core::ContextLifetime::of(executor)) {}

void IdleTimer::schedule(Clock::time_point when, std::function<void()> function) const {
  Thread::instance().schedule(when, Thread::Entry{lifetime_, std::move(function)});
}

}  // namespace chroma::transport
