#include "transport/watchdog.hpp"

#include <algorithm>
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
  while (!guards_.empty() && guards_.front().deadline_ <= Clock::now()) {
    std::shared_ptr<Watched> watched = guards_.front().watched_.lock();
    const std::size_t round = guards_.front().round_;
    guards_.pop_front();
    lock.unlock();
    if (watched) watched->on_deadline(round);
    watched.reset();
    lock.lock();
  }
  if (!guards_.empty()) arm(guards_.front().deadline_);
}

}  // namespace chroma::transport
