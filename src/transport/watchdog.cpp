#include "transport/watchdog.hpp"

#include <utility>
#include <vector>

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
  Guard* before = last_;
  while (before != nullptr && before->deadline_ > guard.deadline_) before = before->before_;
  guard.before_ = before;
  guard.after_ = before != nullptr ? before->after_ : first_;
  (guard.before_ != nullptr ? guard.before_->after_ : first_) = &guard;
  (guard.after_ != nullptr ? guard.after_->before_ : last_) = &guard;
  guard.linked_ = true;
}

void Watchdog::remove(Guard& guard) {
  const std::lock_guard lock(mutex_);
  if (guard.linked_) unlink(guard);
  if (first_ != nullptr || !armed_) return;
  armed_ = false;
  timer_.cancel();
}

void Watchdog::unlink(Guard& guard) {
  (guard.before_ != nullptr ? guard.before_->after_ : first_) = guard.after_;
  (guard.after_ != nullptr ? guard.after_->before_ : last_) = guard.before_;
  guard.linked_ = false;
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
  std::vector<std::pair<std::weak_ptr<Watched>, std::size_t>> over;
  {
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    while (first_ != nullptr && first_->deadline_ <= now) {
      over.emplace_back(first_->watched_, first_->round_);
      unlink(*first_);
    }
    armed_ = false;
    if (first_ != nullptr) arm(first_->deadline_);
  }
  for (const auto& [weak, round] : over) {
    if (const auto watched = weak.lock()) watched->on_deadline(round);
  }
}

}  // namespace chroma::transport
