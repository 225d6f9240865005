#include "core/context_lifetime.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>

namespace chroma::core {

namespace asio = boost::asio;

/// Ends the lifetime with the context. A context ends its services in the reverse order of their creation,
/// and the service of timers destroys the handlers of the timers when it ends.
class ContextLifetime::Service final : public asio::execution_context::service {
 public:
  using key_type = Service;
  static inline asio::execution_context::id id;

  explicit Service(asio::execution_context& context) : asio::execution_context::service(context) {}

  const std::shared_ptr<ContextLifetime> lifetime = std::make_shared<ContextLifetime>();

 private:
  void shutdown() noexcept override { lifetime->end(); }
  void notify_fork(asio::execution_context::fork_event event) override {
    if (event == asio::execution_context::fork_child) ++lifetime->process_;
  }
};

std::shared_ptr<ContextLifetime> ContextLifetime::of(const asio::any_io_executor& executor) {
  auto& context = asio::query(executor, asio::execution::context);
  // The lifetime must end before the timers do, so their service is created first.
  if (!asio::has_service<Service>(context)) asio::steady_timer timer(executor);
  return asio::use_service<Service>(context).lifetime;
}

void ContextLifetime::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
}

}  // namespace chroma::core
