#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chroma::test {

/// A request as it came over the wire.
struct Received {
  std::string method;
  std::string target;  ///< Path and query, still percent-encoded.
  std::string body;
  std::multimap<std::string, std::string> headers;

  /// The header's value; empty if absent.
  [[nodiscard]] std::string header(const std::string& name) const;
};

struct Reply {
  Reply() = default;
  Reply(int code, std::string text, std::string type = "application/json")
      : status(code), body(std::move(text)), content_type(std::move(type)) {}

  int status = 200;
  std::string body = "{}";
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

/// An HTTP server on a free port of 127.0.0.1, which keeps what it received. The handler runs on the server's
/// threads, one call at a time.
class MockServer {
 public:
  using Handler = std::function<Reply(const Received&)>;

  /// Responds to every request with the result of `handler`, or with 200 and `{}` if there is none.
  explicit MockServer(Handler handler = {});
  ~MockServer();
  MockServer(const MockServer&) = delete;
  MockServer& operator=(const MockServer&) = delete;

  /// Another handler from now on.
  void respond(Handler handler);
  /// The same, but the handler runs for several requests at once.
  void respond_side_by_side(Handler handler);
  /// Sends the same response to all later requests.
  void respond(const Reply& reply);

  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::vector<Received> received() const;
  /// The only request so far. @throws std::logic_error if there were more, or none
  [[nodiscard]] Received only() const;
  void forget();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chroma::test
