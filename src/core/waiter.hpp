#pragma once

#include "core/context_lifetime.hpp"
#include "core/signal.hpp"

#include <memory>
#include <utility>

namespace chroma::core {

/// A coroutine that waits, possibly on another context than the one that wakes it.
struct Waiter {
  explicit Waiter(std::shared_ptr<ContextLifetime> lifetime) : context(std::move(lifetime)) {}
  /// The end of the waiter's context waits for this, because it destroys the timer of the signal.
  void wake() {
    context->run([this] { woken.notify(); });
  }
  std::shared_ptr<ContextLifetime> context;
  Signal woken;
};

}  // namespace chroma::core
