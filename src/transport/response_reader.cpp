#include "transport/response_reader.hpp"

#include "core/buffer.hpp"
#include "transport/chunk_decoder.hpp"
#include "transport/failure.hpp"
#include "transport/response_head.hpp"

#include <chroma/error.hpp>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/none.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

namespace chroma::transport {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t first_input_bytes = std::size_t(8) << 10;
constexpr std::size_t chunked_input_bytes = std::size_t(64) << 10;
constexpr std::size_t first_body_step = std::size_t(64) << 10;
constexpr std::size_t usual_headers = 8;
constexpr std::size_t worthwhile_read = std::size_t(4) << 10;

[[noreturn]] void fail_malformed(const std::string& server, error_code code) {
  fail(Stage::decode, code,
       "the response of " + server + " is not valid HTTP (" + code.message() +
           "); is the port right, and is http or https chosen correctly?");
}

}  // namespace

/// Beast's parser, which writes into our own message. It is given complete heads only.
class ResponseReader::Parser {
 public:
  class Message final : public http::basic_parser<false> {
   public:
    explicit Message(HttpResponse& response) : response_(response) {
      body_limit(boost::none);
      header_limit(std::numeric_limits<std::uint32_t>::max());
    }

   private:
    using string_view = boost::beast::string_view;

    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int status, string_view, int, error_code&) override { response_.status = status; }
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
      response_.headers.emplace_back(std::string(name.data(), name.size()),
                                     std::string(value.data(), value.size()));
    }
    // Boost 1.90 and newer have a pure virtual function of this name, older ones have none.
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winconsistent-missing-override"
#endif
    virtual void on_trailer_field_impl(http::field, string_view, string_view, error_code&) {}
#ifdef __clang__
#pragma clang diagnostic pop
#endif
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view, error_code&) override {
      return 0;
    }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override {
      return 0;
    }
    void on_finish_impl(error_code&) override {}

    HttpResponse& response_;
  };

  void restart(Body body) {
    response = HttpResponse();
    response.headers.reserve(usual_headers);
    message.emplace(response);
    message->skip(body == Body::none);
    chunks = ChunkDecoder();
  }

  HttpResponse response;
  std::optional<Message> message;
  ChunkDecoder chunks;
};

ResponseReader::ResponseReader(std::string server, ResponseLimits limits)
    : server_(std::move(server)), limits_(limits), parser_(std::make_unique<Parser>()) {
  parser_->restart(expected_body_);
}

ResponseReader::~ResponseReader() = default;

void ResponseReader::start(Body body) {
  expected_body_ = body;
  parser_->restart(expected_body_);
  begin_ = end_ = 0;
  searched_ = 0;
  head_bytes_ = 0;
  length_ = 0;
  phase_ = Phase::head;
  keep_alive_ = false;
}

bool ResponseReader::is_error() const noexcept {
  return phase_ != Phase::head && parser_->response.status >= 400;
}

std::string_view ResponseReader::unparsed() const noexcept {
  return {input_.data() + begin_, end_ - begin_};
}

asio::mutable_buffer ResponseReader::prepare() {
  if (phase_ == Phase::length || phase_ == Phase::until_close) {
    // As much as has arrived so far, whatever the header promises. One byte beyond the limit shows an excess.
    core::Buffer& body = parser_->response.body;
    const std::uint64_t limit = limits_.body_bytes;
    const std::uint64_t end = phase_ == Phase::length ? length_ : std::max(limit, limit + 1);
    const auto missing = static_cast<std::size_t>(
        std::min<std::uint64_t>(end - body.size(), std::numeric_limits<std::size_t>::max() / 4));
    std::size_t room = body.capacity() - body.size();
    if (room < worthwhile_read) room = std::max(first_body_step, body.size());
    room = std::min(room, missing);
    return {body.prepare(room), room};
  }
  if (begin_ == end_) {
    begin_ = end_ = 0;
  } else if (begin_ > 0) {
    std::memmove(input_.data(), input_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t wanted = phase_ == Phase::chunked ? chunked_input_bytes : first_input_bytes;
  if (input_.size() < wanted) input_.resize(wanted);
  if (end_ == input_.size()) input_.resize(2 * input_.size());
  return {input_.data() + end_, input_.size() - end_};
}

void ResponseReader::commit(std::size_t count) {
  if (phase_ == Phase::length || phase_ == Phase::until_close) {
    parser_->response.body.commit(count);
    check_body(parser_->response.body.size());
    if (phase_ == Phase::length && parser_->response.body.size() == length_) phase_ = Phase::done;
    return;
  }
  end_ += count;
  parse();
}

void ResponseReader::finish() {
  if (phase_ == Phase::done) return;
  if (phase_ != Phase::until_close) fail_truncated();
  phase_ = Phase::done;
}

HttpResponse ResponseReader::take() noexcept {
  return std::move(parser_->response);
}

void ResponseReader::parse() {
  while (phase_ == Phase::head && begin_ != end_) {
    if (!parse_head()) return;
  }
  if (phase_ == Phase::chunked) parse_chunks();
}

/// True if a head was complete, which may have been that of an interim response.
bool ResponseReader::parse_head() {
  if (!begins_response(unparsed())) {
    const bool other_status = unparsed().starts_with("HTTP/1.");
    fail_malformed(server_, error_code(other_status ? http::error::bad_status : http::error::bad_version));
  }
  const std::size_t size = head_length(unparsed(), searched_);
  check_head(head_bytes_ + (size > 0 ? size : unparsed().size()));
  if (size == 0) return false;
  const std::string_view head = unparsed().substr(0, size);
  error_code code;
  if (is_strict(head)) {
    parser_->message->put(asio::buffer(head), code);
  } else {
    const std::string strict = strict_form(head);
    parser_->message->put(asio::buffer(strict), code);
  }
  if (code) fail_malformed(server_, code);
  if (!parser_->message->is_header_done()) {
    fail_malformed(server_, error_code(http::error::bad_line_ending));
  }
  begin_ += size;
  searched_ = 0;
  head_bytes_ += size;
  begin_body();
  return true;
}

void ResponseReader::begin_body() {
  const Parser::Message& message = *parser_->message;
  const int status = parser_->response.status;
  if (status < 100) fail_malformed(server_, error_code(http::error::bad_status));
  if (status < 200) {
    if (status == 101) {
      fail(Stage::decode, error_code(http::error::bad_status),
           server_ + " switched to another protocol without being asked to; is the port right?");
    }
    parser_->restart(expected_body_);
    return;
  }
  keep_alive_ = message.keep_alive();
  if (message.is_done()) {
    phase_ = Phase::done;
  } else if (message.chunked()) {
    phase_ = Phase::chunked;
  } else {
    const auto length = message.content_length();
    phase_ = length ? Phase::length : Phase::until_close;
    length_ = length.value_or(0);
    check_body(length_);
    take_buffered();
  }
}

/// Moves to the body what arrived together with the head.
void ResponseReader::take_buffered() {
  core::Buffer& body = parser_->response.body;
  std::size_t count = end_ - begin_;
  if (phase_ == Phase::length) {
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, length_));
    if (length_ <= first_body_step) body.reserve(static_cast<std::size_t>(length_));
  }
  check_body(count);
  body.append({input_.data() + begin_, count});
  begin_ += count;
  if (phase_ == Phase::length && body.size() == length_) phase_ = Phase::done;
}

void ResponseReader::parse_chunks() {
  ChunkDecoder& chunks = parser_->chunks;
  core::Buffer& body = parser_->response.body;
  begin_ += chunks.decode(unparsed(), body);
  if (chunks.malformed()) fail_malformed(server_, error_code(http::error::bad_chunk));
  check_body(body.size());
  if (chunks.missing() > limits_.body_bytes - body.size())
    check_body(std::numeric_limits<std::uint64_t>::max());
  if (chunks.done()) {
    phase_ = Phase::done;
  } else if (unparsed().size() + chunks.trailer_bytes() > limits_.head_bytes) {
    // A size line or the trailer has no end.
    fail_malformed(server_, error_code(http::error::header_limit));
  }
}

void ResponseReader::check_head(std::size_t size) const {
  if (size <= limits_.head_bytes) return;
  fail(Stage::decode, error_code(http::error::header_limit),
       "the response of " + server_ + " has headers of more than " + std::to_string(limits_.head_bytes) +
           " bytes; is the port right, or does a proxy add them?");
}

void ResponseReader::check_body(std::uint64_t size) const {
  if (size <= limits_.body_bytes) return;
  fail(Stage::decode, error_code(http::error::body_limit),
       "the response of " + server_ + " is longer than max_response_bytes (" +
           std::to_string(limits_.body_bytes) + "); ask for less at once, or raise the limit");
}

void ResponseReader::fail_truncated() const {
  fail(Stage::read, error_code(http::error::partial_message),
       server_ + " closed the connection " +
           (begun() ? "in the middle of its response" : "without a response") +
           "; see the server's log for the reason");
}

}  // namespace chroma::transport
