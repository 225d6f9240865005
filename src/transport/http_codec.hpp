#pragma once

#include "core/buffer.hpp"
#include "transport/connector.hpp"
#include "transport/http_message.hpp"
#include "transport/url.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::transport {

/// The head of a request as it is sent, up to and including the empty line.
/// @param common headers that are sent too, unless the request has one of the same name
/// @param target in place of the request's own, which a redirect may have changed
/// @throws ChromaHttpClientError with ValidationError if a line end or NUL would change the request's shape
[[nodiscard]] std::string format_request_head(const HttpRequest& request, std::string_view target,
                                              const Origin& origin, const Headers& common,
                                              const Route& route);

/// Limits of the size of a response.
struct ResponseLimits {
  std::size_t head_bytes = std::size_t(64) << 10;  ///< Status line and headers, interim responses included.
  std::size_t body_bytes = std::size_t(1) << 30;
};

/// Parses one response from bytes, without I/O: `prepare` returns the buffer for the next bytes, `commit`
/// parses them. Interim (1xx) responses are skipped. A body of known length is received in place, without a
/// copy. One reader serves all responses of a connection, one after the other.
///
/// Failures are thrown as ChromaHttpClientError with RequestError: stage `read` for a truncated response,
/// `decode` for one that is malformed or too large.
class ResponseReader {
 public:
  /// @param server for messages, "host:port"
  ResponseReader(std::string server, ResponseLimits limits);
  ~ResponseReader();
  ResponseReader(const ResponseReader&) = delete;
  ResponseReader& operator=(const ResponseReader&) = delete;

  /// Resets the reader for the next response.
  void start();

  /// Room for the next bytes, never empty. @pre not `done()`
  [[nodiscard]] asio::mutable_buffer prepare();
  /// Parses the first `count` bytes of the buffer that `prepare` returned.
  void commit(std::size_t count);
  /// The stream has ended.
  void finish();

  /// True when the response is complete.
  [[nodiscard]] bool done() const noexcept { return phase_ == Phase::done; }
  /// True when the head of the final response has arrived and its status is 400 or more.
  [[nodiscard]] bool is_error() const noexcept;
  /// True once anything of the final response has arrived, and while an interim one is incomplete.
  [[nodiscard]] bool begun() const noexcept { return phase_ != Phase::head || begin_ != end_; }
  /// True if another request may follow on the connection: the server allows it, and no bytes follow
  /// the response. @pre `done()`
  [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_ && begin_ == end_; }
  /// The response. @pre `done()`
  [[nodiscard]] HttpResponse take() noexcept;

 private:
  class Parser;
  enum class Phase { head, length, until_close, chunked, done };

  void parse();
  bool parse_head();
  void parse_chunks();
  [[nodiscard]] std::size_t next_chunk_piece() const noexcept;
  [[nodiscard]] std::string_view unparsed() const noexcept;
  [[nodiscard]] std::size_t feed(std::string_view bytes, boost::system::error_code& code);
  void check_head(std::size_t size) const;
  void begin_body();
  void take_buffered();
  void check_body(std::uint64_t size) const;
  [[noreturn]] void fail_truncated() const;

  std::string server_;
  ResponseLimits limits_;
  std::unique_ptr<Parser> parser_;
  std::vector<char> input_;  ///< Heads and chunks pass through here: [begin_, end_) is not parsed yet.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t head_bytes_ = 0;
  std::size_t scanned_ = 0;       ///< Unparsed bytes of a head that do not contain its end.
  std::uint64_t chunk_left_ = 0;  ///< Bytes of the current chunk that have not arrived.
  bool first_chunk_ = true;
  std::uint64_t length_ = 0;  ///< Of the body, in phase `length`.
  Phase phase_ = Phase::head;
  bool keep_alive_ = false;
};

}  // namespace chroma::transport
