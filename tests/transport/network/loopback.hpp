#pragma once

#include "support/certificates.hpp"
#include "transport/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace chroma::test {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// What a TLS server shows, and what it asks of clients.
struct ServerTls {
  Identity identity;
  std::string client_authority;  ///< PEM; if set, a client certificate of this authority is required.
  bool only_tls_1_2 = false;
};

/// The server's end of a connection, blocking. Failures are thrown as boost::system::system_error.
class Peer {
 public:
  explicit Peer(tcp::socket socket);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// The server's handshake, above whatever there is already.
  void start_tls(const ServerTls& tls);
  /// What has come, at most `limit`; empty at the end.
  [[nodiscard]] std::string read_some(std::size_t limit = 65536);
  [[nodiscard]] std::string read(std::size_t count);
  [[nodiscard]] std::string read_until(std::string_view end);
  void read_to_end();
  void write(std::string_view text);
  /// Past the uppermost TLS, straight into what is below it.
  void write_below(std::string_view text);
  /// From now on the socket takes so many bytes, then it is closed.
  void close_after(std::size_t bytes);
  /// Sends close_notify without waiting for that of the peer.
  void say_goodbye();
  void close();

  struct Layer;

 private:
  std::vector<std::unique_ptr<Layer>> layers_;
};

/// Accepts on a free port of this machine and serves one connection after the other in a thread of its own. A
/// failure of a connection ends its session.
class LoopbackServer {
 public:
  using Session = std::function<void(Peer&)>;

  explicit LoopbackServer(Session session, const std::string& address = "127.0.0.1");
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] tcp::endpoint endpoint() const { return endpoint_; }
  [[nodiscard]] transport::Origin origin(bool tls = false) const;
  /// How many connections have been taken so far.
  [[nodiscard]] int accepted() const noexcept { return accepted_; }

 private:
  void serve();

  asio::io_context context_;
  tcp::acceptor acceptor_;
  tcp::endpoint endpoint_;
  Session session_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> accepted_ = 0;
  std::thread thread_;
};

/// A port of this machine on which no process listens.
[[nodiscard]] std::uint16_t closed_port();

/// A port that takes no connection and refuses none.
class SilentPort {
 public:
  SilentPort();
  [[nodiscard]] transport::Origin origin() const;

 private:
  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::vector<tcp::socket> fillers_;
};

/// Runs coroutines to their end on this thread. It returns only when the context has no work left, so that a
/// socket, timer or waiter left behind shows as a test that hangs.
class Loop {
 public:
  [[nodiscard]] asio::any_io_executor strand() const { return strand_; }
  [[nodiscard]] asio::io_context& context() noexcept { return context_; }

  template <class T>
  T run(asio::awaitable<T> operation) {
    std::exception_ptr failure;
    context_.restart();
    if constexpr (std::is_void_v<T>) {
      asio::co_spawn(strand_, std::move(operation),
                     [&failure](std::exception_ptr thrown) { failure = thrown; });
      context_.run();
      if (failure) std::rethrow_exception(failure);
    } else {
      T result{};
      asio::co_spawn(strand_, std::move(operation), [&failure, &result](std::exception_ptr thrown, T value) {
        failure = thrown;
        result = std::move(value);
      });
      context_.run();
      if (failure) std::rethrow_exception(failure);
      return result;
    }
  }

 private:
  asio::io_context context_;
  asio::any_io_executor strand_ = asio::make_strand(context_);
};

}  // namespace chroma::test
