#include "transport/http_codec.hpp"

#include "core/header_text.hpp"
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
           "); is this the port of a Chroma server, and is http or https chosen rightly?");
}

/// One byte beyond the limit, which shows that a body is too long.
std::uint64_t body_end(std::size_t limit) noexcept {
  const auto end = std::uint64_t(std::max(limit, std::size_t(1)));
  return end == std::numeric_limits<std::uint64_t>::max() ? end : end + 1;
}

/// Line ends and NUL in a value would inject headers; a space would end the target.
void check_text(std::string_view text, std::string_view forbidden, const char* field) {
  if (text.find_first_of(forbidden) == std::string_view::npos) return;
  throw ChromaHttpClientError(
      ValidationError{"has a character that HTTP does not allow at this place", field});
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  using namespace std::string_view_literals;
  check_text(name, "\r\n\0: "sv, "headers");
  check_text(value, "\r\n\0"sv, "headers");
  head.append(name).append(": ").append(value).append("\r\n");
}

bool has_header(const Headers& headers, std::string_view name) noexcept {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return core::same_header_name(header.first, name); });
}

}  // namespace

std::string format_request_head(const HttpRequest& request, std::string_view target, const Origin& origin,
                                const Headers& common, const Route& route) {
  using namespace std::string_view_literals;
  check_text(request.method, "\r\n\0 "sv, "method");
  check_text(target, "\r\n\0 "sv, "target");
  std::string head;
  head.reserve(512);
  head.append(request.method).append(" ").append(route.target_prefix).append(target).append(" HTTP/1.1\r\n");
  if (!has_header(request.headers, "host")) {
    head.append("host: ").append(origin.host_header()).append("\r\n");
  }
  for (const auto& [name, value] : route.headers) append_header(head, name, value);
  for (const auto& [name, value] : common) {
    if (!has_header(request.headers, name)) append_header(head, name, value);
  }
  for (const auto& [name, value] : request.headers) append_header(head, name, value);
  if (request.method != "GET") {
    head.append("content-length: ").append(std::to_string(request.body_view().size())).append("\r\n");
  }
  head.append("\r\n");
  return head;
}

/// The parser of Beast, which fills an HttpResponse. It parses heads and chunked bodies only.
class ResponseReader::Parser {
 public:
  class Message final : public http::basic_parser<false> {
   public:
    explicit Message(ResponseReader& reader, HttpResponse& response) : reader_(reader), response_(response) {
      body_limit(boost::none);
      header_limit(std::numeric_limits<std::uint32_t>::max());
    }

   private:
    using string_view = boost::beast::string_view;

    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int status, string_view, int, error_code&) override { response_.status = status; }
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
      // Trailer fields after a chunked body are not headers of the response.
      if (is_header_done()) return;
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
    void on_chunk_header_impl(std::uint64_t size, string_view, error_code&) override {
      reader_.chunk_left_ = size;
      reader_.first_chunk_ = false;
    }
    std::size_t on_chunk_body_impl(std::uint64_t left, string_view piece, error_code&) override {
      reader_.chunk_left_ = left - piece.size();
      reader_.check_body(std::uint64_t(response_.body.size()) + piece.size());
      response_.body.append({piece.data(), piece.size()});
      return piece.size();
    }
    void on_finish_impl(error_code&) override {}

    ResponseReader& reader_;
    HttpResponse& response_;
  };

  void restart(ResponseReader& reader) {
    response = HttpResponse();
    response.headers.reserve(usual_headers);
    message.emplace(reader, response);
  }

  HttpResponse response;
  std::optional<Message> message;
};

ResponseReader::ResponseReader(std::string server, ResponseLimits limits)
    : server_(std::move(server)), limits_(limits), parser_(std::make_unique<Parser>()) {
  parser_->restart(*this);
}

ResponseReader::~ResponseReader() = default;

void ResponseReader::start() {
  parser_->restart(*this);
  begin_ = end_ = 0;
  head_bytes_ = 0;
  scanned_ = 0;
  chunk_left_ = 0;
  first_chunk_ = true;
  length_ = 0;
  phase_ = Phase::head;
  keep_alive_ = false;
}

asio::mutable_buffer ResponseReader::prepare() {
  if (phase_ == Phase::length || phase_ == Phase::until_close) {
    // At most as much again as has arrived, whatever content-length says; one byte beyond the limit detects a
    // body that is too long.
    core::Buffer& body = parser_->response.body;
    const std::uint64_t end = phase_ == Phase::length ? length_ : body_end(limits_.body_bytes);
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

bool ResponseReader::is_error() const noexcept {
  return phase_ != Phase::head && parser_->response.status >= 400;
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

std::string_view ResponseReader::unparsed() const noexcept {
  return {input_.data() + begin_, end_ - begin_};
}

std::size_t ResponseReader::feed(std::string_view bytes, error_code& code) {
  return parser_->message->put(asio::const_buffer(bytes.data(), bytes.size()), code);
}

void ResponseReader::check_head(std::size_t size) const {
  if (size <= limits_.head_bytes) return;
  fail(Stage::decode, error_code(http::error::header_limit),
       "the response of " + server_ + " has headers of more than " + std::to_string(limits_.head_bytes) +
           " bytes; is this a Chroma server, or a proxy in between?");
}

/// Returns true if a head was complete, also that of an interim response. The parser gets complete heads
/// only.
bool ResponseReader::parse_head() {
  if (!begins_response(unparsed())) fail_malformed(server_, error_code(http::error::bad_version));
  const std::size_t length = head_length(unparsed(), scanned_);
  check_head(head_bytes_ + (length == 0 ? end_ - begin_ : length));
  if (length == 0) return false;
  const std::string head = normalized_head(unparsed().substr(0, length));
  begin_ += length;
  head_bytes_ += length;
  scanned_ = 0;
  error_code code;
  static_cast<void>(feed(head, code));
  if (code) fail_malformed(server_, code);
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
           server_ + " switched to another protocol without being asked; is this a Chroma server?");
    }
    parser_->restart(*this);
    return;
  }
  keep_alive_ = message.keep_alive();
  if (message.is_done()) {
    phase_ = Phase::done;
  } else if (message.chunked()) {
    parser_->message->eager(true);
    phase_ = Phase::chunked;
  } else {
    const auto length = message.content_length();
    phase_ = length ? Phase::length : Phase::until_close;
    length_ = length.value_or(0);
    check_body(length_);
    take_buffered();
  }
}

/// Moves bytes that arrived together with the head into the body.
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

/// How many of the unparsed bytes the parser can take: data of the current chunk, or a complete chunk header,
/// for the last chunk with its trailer. Beast asserts on some incomplete ones.
std::size_t ResponseReader::next_chunk_piece() const noexcept {
  const std::string_view input = unparsed();
  if (chunk_left_ > 0) return static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, input.size()));
  const std::size_t begin = first_chunk_ ? 0 : 2;  // Behind the line end of the previous chunk.
  const auto line_end = input.find("\r\n", begin);
  if (line_end == std::string_view::npos) return 0;
  const auto size_end = input.find_first_not_of('0', begin);
  const bool is_last = size_end > begin && input.find_first_of("; \t\r", begin) == size_end;
  if (!is_last) return line_end + 2;
  const auto trailer_end = input.find("\r\n\r\n", line_end);
  return trailer_end == std::string_view::npos ? 0 : trailer_end + 4;
}

void ResponseReader::parse_chunks() {
  while (phase_ == Phase::chunked && begin_ != end_) {
    const std::size_t piece = next_chunk_piece();
    if (piece == 0) {
      check_head(end_ - begin_);
      return;
    }
    error_code code;
    const std::size_t used = feed(unparsed().substr(0, piece), code);
    begin_ += used;
    if (parser_->message->is_done()) {
      phase_ = Phase::done;
    } else if ((code && code != http::error::need_more) || used == 0) {
      fail_malformed(server_, code);
    }
  }
}

void ResponseReader::check_body(std::uint64_t size) const {
  if (size <= limits_.body_bytes) return;
  fail(Stage::decode, error_code(http::error::body_limit),
       "the response of " + server_ + " is longer than max_response_bytes (" +
           std::to_string(limits_.body_bytes) + "); ask for less at once, or raise the limit");
}

void ResponseReader::fail_truncated() const {
  const bool nothing = !begun();
  fail(Stage::read, error_code(http::error::partial_message),
       nothing
           ? server_ + " closed the connection without a response; see its log for the reason"
           : server_ + " closed the connection in the middle of its response; see its log for the reason");
}

}  // namespace chroma::transport
