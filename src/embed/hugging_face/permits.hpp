#pragma once

#include "transport/clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>

namespace chroma::embed::hugging_face {

/// The permits of a server, which all calls of a function share: a counting semaphore for coroutines, which
/// get permits in the order in which they ask. Thread-safe.
class Permits {
  struct Claim;

 public:
  /// Permits of a coroutine. The destructor returns them.
  class Lease {
   public:
    Lease(std::shared_ptr<Permits> permits, std::shared_ptr<Claim> claim);
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

   private:
    std::shared_ptr<Permits> permits_;  ///< Empty after a move.
    std::shared_ptr<Claim> claim_;
  };

  /// @param total at least 1
  explicit Permits(std::size_t total) : total_(total) {}

  /// Changes the number of permits. Those that are held remain held.
  void set_total(std::size_t total);

  /// Waits until `count` permits are free; until all are, if there are not as many.
  /// @throws ChromaHttpClientError of kind RequestError, stage timeout, if the deadline passes first;
  /// boost::system::system_error with operation_aborted when cancelled
  [[nodiscard]] static boost::asio::awaitable<Lease> take(std::shared_ptr<Permits> self, std::size_t count,
                                                          transport::Clock::time_point deadline);

 private:
  using Claims = std::list<std::shared_ptr<Claim>>;

  void enter(const std::shared_ptr<Claim>& claim);
  void leave(const std::shared_ptr<Claim>& claim);
  [[nodiscard]] Claims grant();
  static void wake(const Claims& granted);

  std::mutex mutex_;
  std::size_t total_;
  std::size_t held_ = 0;
  Claims waiting_;
};

}  // namespace chroma::embed::hugging_face
