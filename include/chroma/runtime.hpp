#pragma once

/// @file
/// `Runtime`: the client in programs that use neither coroutines nor Boost.Asio.

#include <chroma/export.hpp>
#include <chroma/logger.hpp>
#include <chroma/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace chroma {

/// Owns an execution context and one thread that runs it. Operations are started from any other thread:
///
///     chroma::Runtime runtime;
///     chroma::ChromaHttpClient client(runtime.executor());
///     auto beat = runtime.block_on(client.heartbeat());               // waits
///     std::future<std::uint32_t> count = runtime.submit(client.count_collections());
///     runtime.submit(client.version(), [](chroma::Result<std::string> version) { ... });
///
/// **Lifetime**: clients, collection handles and executors that were made for a runtime keep its state alive,
/// so they may be destroyed after it. An operation that is started on them after the runtime has been
/// destroyed does not run.
///
/// **End**: the destructor stops the thread and waits for the handler that it is running. Operations that
/// have not completed then fail with `RequestError` of `Stage::cancelled`: `block_on` throws it, futures hold
/// it, and callbacks are called with it on the destroying thread. Call `drain()` first to let them complete.
/// If the runtime is destroyed on its own thread, as by `std::exit` in a callback, the destructor does not
/// wait.
///
/// **Thread safety**: all members may be called from many threads at once.
class CHROMA_API Runtime {
 public:
  /// Starts the thread. Exceptions that leave callbacks are written to `std::cerr`.
  Runtime();
  /// Starts the thread. @param logger is told of exceptions that leave callbacks, at level `error`
  explicit Runtime(Logger logger);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// The executor of the runtime's thread, for clients and for `boost::asio::co_spawn`.
  [[nodiscard]] boost::asio::any_io_executor executor() const;

  /// Runs `op` on the runtime's thread, waits for its end, and returns its value or throws what it threw.
  /// @throws std::logic_error when called on the runtime's own thread, which would wait for itself
  template <class T>
  T block_on(boost::asio::awaitable<T> op) {
    refuse_own_thread("block_on", "co_await the operation there");
    return submit(std::move(op)).get();
  }

  /// Starts `op` on the runtime's thread. The future holds its value or what it threw.
  template <class T>
  std::future<T> submit(boost::asio::awaitable<T> op) {
    auto outcome = std::make_shared<Outcome<T>>();
    auto future = outcome->promise.get_future();
    const auto done = [outcome](std::exception_ptr failure) { outcome->complete(std::move(failure)); };
    start(store(std::move(op), outcome), done);
    return future;
  }

  /// Starts `op` on the runtime's thread and calls `callback(Result<T>)` there, exactly once. What the
  /// callback throws is logged and has no other effect. If `op` throws something else than the library's
  /// errors, which the library's own operations do only when memory runs out, the exception is logged and the
  /// callback is not called.
  template <class T, class Callback>
  requires std::invocable<Callback&, Result<T>>
  void submit(boost::asio::awaitable<T> op, Callback callback) {
    auto result = std::make_shared<Result<T>>();
    auto done = [result, callback = std::move(callback)](std::exception_ptr failure) mutable {
      if (failure) *result = detail::error_from(std::move(failure));
      std::invoke(callback, std::move(*result));
    };
    // A std::function must be copyable, which the callback need not be.
    auto shared = std::make_shared<decltype(done)>(std::move(done));
    start(store_result(std::move(op), result), [shared](std::exception_ptr failure) { (*shared)(failure); });
  }

  /// Waits until no operation that was started by `block_on` or `submit` is running, those included that are
  /// started meanwhile.
  /// @throws std::logic_error when called on the runtime's own thread, which would wait for itself
  void drain();

  /// How many operations that were started by `block_on` or `submit` have not completed.
  [[nodiscard]] std::size_t pending() const noexcept;

 private:
  using Done = std::function<void(std::exception_ptr)>;

  struct State;

  /// The promise of a future, and the value until the operation has completed.
  template <class T>
  struct Outcome {
    std::promise<T> promise;
    std::optional<std::conditional_t<std::is_void_v<T>, std::nullptr_t, T>> value;

    void complete(std::exception_ptr failure) {
      if (failure) {
        promise.set_exception(std::move(failure));
      } else if constexpr (std::is_void_v<T>) {
        promise.set_value();
      } else {
        promise.set_value(std::move(*value));
      }
    }
  };

  template <class T>
  static boost::asio::awaitable<void> store(boost::asio::awaitable<T> op,
                                            std::shared_ptr<Outcome<T>> outcome) {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(op);
    } else {
      outcome->value.emplace(co_await std::move(op));
    }
  }

  template <class T>
  static boost::asio::awaitable<void> store_result(boost::asio::awaitable<T> op,
                                                   std::shared_ptr<Result<T>> result) {
    *result = co_await as_result(std::move(op));
  }

  /// Runs `op` and then calls `done` with what it threw, exactly once.
  void start(boost::asio::awaitable<void> op, Done done);
  void refuse_own_thread(const char* function, const char* instead) const;

  std::shared_ptr<State> state_;
};

}  // namespace chroma
