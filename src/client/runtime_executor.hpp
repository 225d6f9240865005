#pragma once

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace chroma::detail {

namespace asio = boost::asio;

/// An io_context whose pending handlers can be destroyed before the context itself, in the same way as by its
/// destructor. Objects that refer to the context, such as idle connections, can be destroyed after that, in
/// any order.
class RuntimeContext : public asio::io_context {
 public:
  RuntimeContext() : asio::io_context(1) {}

  /// Destroys all pending handlers. Functions that are submitted later are destroyed without being run.
  /// @pre no thread runs the context
  void end() {
    ended_ = true;
    asio::execution_context::shutdown();
  }
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 private:
  std::atomic<bool> ended_ = false;
};

/// An executor of the context that also keeps the context alive.
template <class Inner>
class RuntimeExecutor {
 public:
  RuntimeExecutor(Inner inner, std::shared_ptr<RuntimeContext> context) noexcept
      : inner_(std::move(inner)), context_(std::move(context)) {}

  template <class Property>
  requires asio::can_query_v<const Inner&, Property>
  [[nodiscard]] decltype(auto) query(const Property& property) const { return asio::query(inner_, property); }

  template <class Property>
  requires asio::can_require_v<const Inner&, Property>
  [[nodiscard]] auto require(const Property& property) const { return with(asio::require(inner_, property)); }
  template <class Property>
  requires asio::can_prefer_v<const Inner&, Property>
  [[nodiscard]] auto prefer(const Property& property) const { return with(asio::prefer(inner_, property)); }

  template <class Function>
  void execute(Function&& function) const {
    if (!context_->ended()) inner_.execute(std::forward<Function>(function));
  }

  friend bool operator==(const RuntimeExecutor& left, const RuntimeExecutor& right) noexcept {
    return left.inner_ == right.inner_;
  }
  friend bool operator!=(const RuntimeExecutor& left, const RuntimeExecutor& right) noexcept {
    return !(left == right);
  }

 private:
  template <class Other>
  [[nodiscard]] RuntimeExecutor<Other> with(Other inner) const {
    return RuntimeExecutor<Other>(std::move(inner), context_);
  }

  Inner inner_;
  std::shared_ptr<RuntimeContext> context_;
};

}  // namespace chroma::detail
