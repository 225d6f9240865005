#include "embed/hugging_face/permits.hpp"

#include "core/waiter.hpp"

#include <chroma/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace chroma::embed::hugging_face {

namespace asio = boost::asio;

struct Permits::Claim : core::Waiter {
  Claim(std::shared_ptr<core::ContextLifetime> lifetime, std::size_t count)
      : Waiter(std::move(lifetime)), wanted(count) {}
  const std::size_t wanted;
  std::size_t held = 0;  ///< 0 while it waits. The mutex of the permits protects it.
};

Permits::Lease::Lease(std::shared_ptr<Permits> permits, std::shared_ptr<Claim> claim)
    : permits_(std::move(permits)), claim_(std::move(claim)) {}

Permits::Lease::~Lease() {
  if (permits_) permits_->leave(claim_);
}

void Permits::set_total(std::size_t total) {
  Claims granted;
  {
    const std::lock_guard lock(mutex_);
    total_ = total;
    granted = grant();
  }
  wake(granted);
}

asio::awaitable<Permits::Lease> Permits::take(std::shared_ptr<Permits> self, std::size_t count,
                                              transport::Clock::time_point deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto claim = std::make_shared<Claim>(core::ContextLifetime::of(executor), count);
  // However the wait ends, the destructor removes the claim or returns what has been granted to it.
  Lease lease(self, claim);
  self->enter(claim);
  const bool is_granted = co_await claim->woken.wait(deadline);
  if (!is_granted) {
    throw ChromaHttpClientError(
        RequestError{Stage::timeout, asio::error::make_error_code(asio::error::timed_out),
                     "other calls of this function had as many texts under way as the server processes at "
                     "once until the deadline passed; is request_timeout too short?"});
  }
  co_return std::move(lease);
}

void Permits::enter(const std::shared_ptr<Claim>& claim) {
  Claims granted;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(claim);
    granted = grant();
  }
  wake(granted);
}

void Permits::leave(const std::shared_ptr<Claim>& claim) {
  Claims granted;
  {
    const std::lock_guard lock(mutex_);
    held_ -= std::exchange(claim->held, 0);
    waiting_.remove(claim);
    granted = grant();
  }
  wake(granted);
}

/// Gives the first claims that wait their permits, and removes them from the queue.
/// @pre the mutex is held
Permits::Claims Permits::grant() {
  Claims granted;
  while (!waiting_.empty()) {
    Claim& first = *waiting_.front();
    const auto count = std::min(first.wanted, total_);
    if (held_ + count > total_) break;
    held_ += count;
    first.held = count;
    granted.splice(granted.end(), waiting_, waiting_.begin());
  }
  return granted;
}

/// @pre the mutex is not held, because the end of a context waits for this
void Permits::wake(const Claims& granted) {
  for (const auto& claim : granted) claim->wake();
}

}  // namespace chroma::embed::hugging_face
