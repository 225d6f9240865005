#pragma once

#include <chroma/options.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace chroma::testing {

/// A request that was received.
struct HttpRequest {
  std::string method;
  std::string target;
  Headers headers;
  std::string body;

  /// The header's value; empty if it is absent.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// The reply to a request: a response after `delay`, or a closed connection.
struct HttpReply {
  int status = 200;
  std::string body = "{}";
  std::string content_type = "application/json";  ///< Not sent with an empty body.
  Headers headers;
  std::chrono::milliseconds delay{0};
  bool drop = false;  ///< Closes the connection in place of the response.
};

/// An HTTP/1.1 server with kept connections on a free port of 127.0.0.1.
///
/// One thread serves all connections, with coroutines on Asio and Beast. A delayed response does not block
/// the thread, and the destructor closes every connection at once. cpp-httplib cannot close a connection
/// without sending a response, and its `stop()` waits 5 s for each kept connection that is idle.
class HttpServer {
 public:
  /// Called on the server's thread, one request at a time.
  using Handler = std::function<HttpReply(HttpRequest)>;

  /// @throws std::system_error if no port is free
  explicit HttpServer(Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chroma::testing
