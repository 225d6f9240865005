#pragma once

#include "transport/http_message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <mutex>

namespace chroma::transport {

namespace asio = boost::asio;

/// An object with a deadline.
class Watched {
 public:
  virtual ~Watched() = default;
  /// The deadline has passed. Called on any thread that runs the watchdog's executor.
  virtual void on_deadline(std::size_t round) = 0;
};

/// Keeps the deadlines of many exchanges with one timer, which is armed only while there are any, so that
/// nothing pending holds an io_context that has no other work. Thread-safe.
class Watchdog : public std::enable_shared_from_this<Watchdog> {
 public:
  explicit Watchdog(asio::any_io_executor executor) : timer_(std::move(executor)) {}

  /// One deadline, watched as long as the object lives.
  class Guard : public boost::intrusive::list_base_hook<> {
   public:
    /// @param round is passed to `on_deadline`, which can so recognise a deadline that no longer applies
    Guard(std::shared_ptr<Watchdog> watchdog, Clock::time_point deadline, std::weak_ptr<Watched> watched,
          std::size_t round);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    friend class Watchdog;
    std::shared_ptr<Watchdog> watchdog_;
    Clock::time_point deadline_;
    std::weak_ptr<Watched> watched_;
    std::size_t round_;
  };

 private:
  void add(Guard& guard);
  void remove(Guard& guard);
  void arm(Clock::time_point when);
  void on_timer();
  /// Calls the watched objects of the guards for which `is_due` is true, as far as they are the first ones.
  template <class IsDue>
  void call_due(std::unique_lock<std::mutex>& lock, IsDue is_due);

  std::mutex mutex_;
  asio::steady_timer timer_;
  boost::intrusive::list<Guard> guards_;  ///< In order of deadlines.
  bool armed_ = false;
};

}  // namespace chroma::transport
