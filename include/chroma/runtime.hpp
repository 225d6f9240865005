#pragma once

/// @file
/// The client without coroutines: a thread that runs it, and a call that waits.

#include <chroma/export.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace chroma {

/// Owns an execution context and one thread that runs it, for programs that have none of their own.
///
///     chroma::Runtime runtime;
///     chroma::ChromaHttpClient client(runtime.executor());
///     auto beat = runtime.block_on(client.heartbeat());
///
/// It must outlive the clients and collection handles made for it: declare it before them.
///
/// Thread safety: all members may be called from many threads at once. The destructor stops the thread;
/// calls still under way are dropped, and a `block_on` waiting for one throws `RequestError{cancelled}`.
class CHROMA_API Runtime {
 public:
  Runtime();
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// Where clients made for this runtime run.
  [[nodiscard]] boost::asio::any_io_executor executor() const;

  /// Runs `op` on the runtime's thread and waits for its end. Hands back its value or throws what it threw.
  /// @throws std::logic_error when called on the runtime's own thread, which could only wait for ever
  template <class T>
  T block_on(boost::asio::awaitable<T> op) {
    if constexpr (std::is_void_v<T>) {
      run(std::move(op));
    } else {
      std::optional<T> value;
      run(store(std::move(op), value));
      return std::move(*value);
    }
  }

 private:
  template <class T>
  static boost::asio::awaitable<void> store(boost::asio::awaitable<T> op, std::optional<T>& value) {
    value.emplace(co_await std::move(op));
  }
  void run(boost::asio::awaitable<void> op);

  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace chroma
