#include "transport/system_lookup.hpp"

#include "core/per_process.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace chroma::transport {
namespace {

namespace asio = boost::asio;
using boost::asio::ip::tcp;
using boost::system::error_code;

/// The result of a lookup.
struct Addresses {
  error_code failure;
  Endpoints endpoints;
};

/// Those who wait on one execution context for lookups. The context's end discards them, so that no thread
/// touches an executor of a context that does not exist any more.
class Waiters {
 public:
  std::uint64_t add(asio::any_io_executor executor, NetworkHooks::Found found) {
    const std::lock_guard lock(mutex_);
    waiters_.emplace(++last_, Waiter{std::move(executor), std::move(found)});
    return last_;
  }
  void remove(std::uint64_t number) {
    decltype(waiters_)::node_type removed;  // Destroyed when the lock is released.
    const std::lock_guard lock(mutex_);
    removed = waiters_.extract(number);
  }
  void clear() {
    decltype(waiters_) removed;
    const std::lock_guard lock(mutex_);
    removed.swap(waiters_);
  }
  /// Delivers the result unless there is no memory for that.
  /// @return false if it has to be delivered again
  [[nodiscard]] bool try_deliver(std::uint64_t number, const std::shared_ptr<const Addresses>& addresses) {
    const std::lock_guard lock(mutex_);  // The context cannot end while it is held.
    const auto waiter = waiters_.find(number);
    if (waiter == waiters_.end()) return true;
    try {
      const auto& [executor, function] = waiter->second;
      asio::post(executor,
                 [found = function, addresses] { found(addresses->failure, addresses->endpoints); });
    } catch (const std::bad_alloc&) {
      return false;
    }
    waiters_.erase(waiter);
    return true;
  }

 private:
  struct Waiter {
    asio::any_io_executor executor;
    NetworkHooks::Found found;
  };
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, Waiter> waiters_;
};

/// Ties the waiters to their execution context.
class WaitersService final : public asio::execution_context::service {
 public:
  using key_type = WaitersService;
  static inline asio::execution_context::id id;

  explicit WaitersService(asio::execution_context& context) : asio::execution_context::service(context) {}

  const std::shared_ptr<Waiters> waiters = std::make_shared<Waiters>();

 private:
  void shutdown() noexcept override { waiters->clear(); }
};

/// The lookups of this process that are running, and who waits for each.
class RunningLookups {
 public:
  struct Listener {
    std::shared_ptr<Waiters> waiters;
    std::uint64_t number;
  };

  static RunningLookups& instance() {
    static core::PerProcess<RunningLookups> lookups;
    return lookups.get();
  }

  void join(const std::string& host, std::uint16_t port, Listener listener) {
    const Name name(host, port);
    const std::lock_guard lock(mutex_);
    auto& listeners = running_[name];
    listeners.push_back(std::move(listener));
    if (listeners.size() > 1) return;
    try {
      auto addresses = std::make_shared<Addresses>();
      std::thread([this, name, addresses] { run(name, addresses); }).detach();
    } catch (...) {
      running_.erase(name);
      throw;
    }
  }

 private:
  using Name = std::pair<std::string, std::uint16_t>;

  static void ask_system(const Name& name, Addresses& result) {
    try {
      asio::io_context context;
      tcp::resolver resolver(context);
      const auto found = resolver.resolve(name.first, std::to_string(name.second),
                                          tcp::resolver::numeric_service, result.failure);
      result.endpoints.assign(found.begin(), found.end());
    } catch (const std::bad_alloc&) {
      result.failure = asio::error::no_memory;
    } catch (const boost::system::system_error& failure) {
      result.failure = failure.code();
    }
  }

  /// An exception would terminate the program, because this is the function of a thread.
  void run(const Name& name, const std::shared_ptr<Addresses>& addresses) noexcept {
    ask_system(name, *addresses);
    std::vector<Listener> listeners;
    {
      const std::lock_guard lock(mutex_);
      listeners = std::move(running_.extract(name).mapped());
    }
    for (const auto& each : listeners) {
      // Without the result the waiter might wait for ever. The loop ends with the waiter's deadline or
      // context.
      while (!each.waiters->try_deliver(each.number, addresses)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    }
  }

  std::mutex mutex_;
  std::map<Name, std::vector<Listener>> running_;
};

}  // namespace

std::shared_ptr<void> look_up(const asio::any_io_executor& strand, const std::string& host,
                              std::uint16_t port, NetworkHooks::Found found) {
  auto& context = asio::query(strand, asio::execution::context);
  const auto waiters = asio::use_service<WaitersService>(context).waiters;
  const auto number = waiters->add(strand, std::move(found));
  const auto give_up = [waiters, number](void*) { waiters->remove(number); };
  std::shared_ptr<void> token(nullptr, give_up);
  try {
    RunningLookups::instance().join(host, port, {waiters, number});
  } catch (const std::system_error& no_thread) {
    auto none = std::make_shared<Addresses>();
    none->failure = error_code(no_thread.code().value(), boost::system::system_category());
    if (!waiters->try_deliver(number, none)) throw std::bad_alloc();
  }
  return token;
}

}  // namespace chroma::transport
