#pragma once

#include "transport/url.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace chroma::test {

/// One connection of a `RawServer`, seen from the server. All calls block; all fail softly when the peer or
/// the server has gone.
class RawSession {
 public:
  RawSession(boost::asio::ip::tcp::socket socket, std::size_t number)
      : socket_(std::move(socket)), number_(number) {}

  /// 0 for the first connection.
  [[nodiscard]] std::size_t number() const noexcept { return number_; }

  /// Head of the next request, with its empty line; nothing if the peer has closed. The body is not read.
  std::optional<std::string> read_head();
  /// A whole request, its body by content-length.
  std::optional<std::string> read_request();
  /// False if the peer has gone.
  bool send(std::string_view bytes);
  /// A response with status 200 and content-length.
  bool respond(std::string_view body, std::string_view extra_headers = {});
  /// Returns when the peer has closed or the server ends, whatever it sends until then.
  void wait_for_close();
  /// Reads nothing until the server ends.
  void wait_for_end();
  /// Says that nothing more will be sent.
  void end_stream();
  /// Closes with a reset.
  void reset();

 private:
  friend class RawServer;
  void wake() noexcept;

  boost::asio::ip::tcp::socket socket_;
  std::size_t number_;
  std::string input_;
  std::promise<void> woken_;
};

/// A server on the loopback that behaves as badly as its sessions are written: each connection runs `session`
/// on a thread of its own, and is closed at its end. The destructor ends all of them.
class RawServer {
 public:
  using Session = std::function<void(RawSession&)>;

  explicit RawServer(Session session);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] transport::Origin origin() const;
  /// Connections accepted so far.
  [[nodiscard]] std::size_t accepted() const noexcept { return accepted_; }
  /// Sessions that have not ended.
  [[nodiscard]] std::size_t open() const noexcept { return open_; }

 private:
  void accept_loop();

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  Session session_;
  std::atomic<std::size_t> accepted_{0};
  std::atomic<std::size_t> open_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::list<std::unique_ptr<RawSession>> sessions_;
  std::list<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace chroma::test
