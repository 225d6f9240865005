#include "transport/watchdog.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace chroma::transport {

Watchdog::Guard::Guard(std::shared_ptr<Watchdog> watchdog, Clock::time_point deadline,
                       std::weak_ptr<Watched> watched, std::size_t round)
    : watchdog_(std::move(watchdog)), deadline_(deadline), watched_(std::move(watched)), round_(round) {
  if (deadline_ != Clock::time_point::max()) watchdog_->add(*this);
}

Watchdog::Guard::~Guard() {
  if (deadline_ != Clock::time_point::max()) watchdog_->remove(*this);
}

void Watchdog::add(Guard& guard) {
  const std::lock_guard lock(mutex_);
  // Arming may throw, and must not leave a guard in the list that is about to be destroyed.
  if (!armed_ || guard.deadline_ < timer_.expiry()) arm(guard.deadline_);
  // Usually the newest deadline is the last.
  const auto before = std::find_if(guards_.rbegin(), guards_.rend(), [&guard](const Guard& other) {
    return other.deadline_ <= guard.deadline_;
  });
  guards_.insert(before.base(), guard);
}

void Watchdog::remove(Guard& guard) {
  const std::lock_guard lock(mutex_);
  if (guard.is_linked()) guards_.erase(guards_.iterator_to(guard));
  if (!guards_.empty() || !armed_) return;
  armed_ = false;
  timer_.cancel();
}

void Watchdog::arm(Clock::time_point when) {
  armed_ = false;  // If waiting fails, the next guard arms the timer.
  timer_.expires_at(when);
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
    if (cancelled) return;
    if (const auto self = weak.lock()) self->on_timer();
  });
  armed_ = true;
}

void Watchdog::on_timer() {
  std::unique_lock lock(mutex_);
  armed_ = false;
  call_due(lock, [](const Guard& guard) { return guard.deadline_ <= Clock::now(); });
  if (guards_.empty()) return;
  try {
    arm(guards_.front().deadline_);
  } catch (const std::bad_alloc&) {
    // No deadline would be kept any more, and an exchange might wait for ever. So all of them end now.
    call_due(lock, [](const Guard&) { return true; });
  }
}

template <class IsDue>
void Watchdog::call_due(std::unique_lock<std::mutex>& lock, IsDue is_due) {
  while (!guards_.empty() && is_due(guards_.front())) {
    std::shared_ptr<Watched> watched = guards_.front().watched_.lock();
    const std::size_t round = guards_.front().round_;
    guards_.pop_front();
    lock.unlock();
    if (watched) watched->on_deadline(round);
    watched.reset();
    lock.lock();
  }
}

}  // namespace chroma::transport
