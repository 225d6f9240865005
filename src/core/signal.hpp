#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace chroma::core {

/// Wakes one waiting coroutine from any thread. A signal given before the wait is kept.
class Signal {
   public:
    explicit Signal(boost::asio::any_io_executor executor);
    ~Signal();
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    /// Waits for `notify`; on the executor given. @throws boost::system::system_error when cancelled
    [[nodiscard]] boost::asio::awaitable<void> wait();

    /// Thread-safe; giving it twice is the same as once.
    void notify();

   private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace chroma::core
