#pragma once

#include "transport/http_message.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::transport {

namespace asio = boost::asio;

/// How large a response may be.
struct ResponseLimits {
  std::size_t head_bytes = std::size_t(64) << 10;  ///< Status line and headers, interim responses included.
  std::size_t body_bytes = std::size_t(1) << 30;
};

/// Reads responses from bytes, without any I/O: `prepare` says where the next bytes go, `commit` takes them.
/// Interim (1xx) responses are skipped. A body of known length is received in place, without a copy. One
/// reader serves all responses of a connection, one after the other.
///
/// It also reads what curl, Python's http.client and hyper agree to read although RFC 9112 does not allow it,
/// see response_head.hpp and chunk_decoder.hpp.
///
/// Failures are thrown as ChromaHttpClientError with RequestError: stage `read` for a response that ends too
/// early, `decode` for one that is malformed or too large.
class ResponseReader {
 public:
  enum class Body { expected, none };

  /// @param server for messages, "host:port"
  ResponseReader(std::string server, ResponseLimits limits);
  ~ResponseReader();
  ResponseReader(const ResponseReader&) = delete;
  ResponseReader& operator=(const ResponseReader&) = delete;

  /// Forgets everything and expects a new response.
  /// @param body `none` for the response to CONNECT, which is complete after its head
  void start(Body body = Body::expected);

  /// Room for the next bytes, never empty. @pre not `done()`
  [[nodiscard]] asio::mutable_buffer prepare();
  /// The first `count` bytes of what `prepare` returned have arrived.
  void commit(std::size_t count);
  /// The stream has ended.
  void finish();

  /// True if the response is complete.
  [[nodiscard]] bool done() const noexcept { return phase_ == Phase::done; }
  /// True once any byte of the final response has arrived, and while an interim response is incomplete.
  [[nodiscard]] bool begun() const noexcept { return phase_ != Phase::head || begin_ != end_; }
  /// True once the head of the final response is complete and its status is 400 or more.
  [[nodiscard]] bool is_error() const noexcept;
  /// True if bytes follow the response that do not belong to it. @pre `done()`
  [[nodiscard]] bool has_surplus() const noexcept { return begin_ != end_; }
  /// True if another request may follow on the connection: the server allows it, and there is no surplus.
  /// @pre `done()`
  [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_ && !has_surplus(); }
  /// The response. @pre `done()`
  [[nodiscard]] HttpResponse take() noexcept;

 private:
  class Parser;
  enum class Phase { head, length, until_close, chunked, done };

  void parse();
  bool parse_head();
  void parse_chunks();
  void begin_body();
  void take_buffered();
  void check_head(std::size_t size) const;
  void check_body(std::uint64_t size) const;
  [[noreturn]] void fail_truncated() const;
  [[nodiscard]] std::string_view unparsed() const noexcept;

  std::string server_;
  ResponseLimits limits_;
  Body expected_body_ = Body::expected;
  std::unique_ptr<Parser> parser_;
  std::vector<char> input_;  ///< Heads and chunks pass through here: [begin_, end_) is not parsed yet.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t searched_ = 0;    ///< So many bytes from begin_ on hold no end of the head.
  std::size_t head_bytes_ = 0;  ///< Of complete heads, interim ones included.
  std::uint64_t length_ = 0;    ///< Of the body, in phase `length`.
  Phase phase_ = Phase::head;
  bool keep_alive_ = false;
};

}  // namespace chroma::transport
