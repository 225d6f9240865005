#include "testing/http_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

namespace chroma::testing {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;

constexpr auto as_results = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds longest_delay = std::chrono::hours(100 * 365 * 24);
constexpr std::uint64_t max_payload = 41'943'040;  // The default `max_payload_size_bytes` of the real server.

HttpRequest request_of(Parser::value_type message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

Response response_of(HttpReply reply, bool keep_alive) {
  Response response;
  response.version(11);
  response.result(static_cast<unsigned>(reply.status));
  if (!reply.body.empty()) response.set(http::field::content_type, reply.content_type);
  for (const auto& [name, value] : reply.headers) response.insert(name, value);
  response.body() = std::move(reply.body);
  response.keep_alive(keep_alive);
  response.prepare_payload();
  return response;
}

HttpReply handled(const HttpServer::Handler& handler, HttpRequest request) {
  try {
    return handler(std::move(request));
  } catch (const std::exception& fault) {
    HttpReply reply;
    reply.status = 500;
    reply.content_type = "text/plain";
    reply.body = std::string("FakeServer failed: ") + fault.what();
    return reply;
  }
}

/// One connection, until either side ends it.
asio::awaitable<void> serve(tcp::socket socket, const HttpServer::Handler& handler) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  beast::flat_buffer buffer;
  for (;;) {
    Parser parser;
    parser.body_limit(max_payload);
    const auto read = co_await http::async_read(socket, buffer, parser, as_results);
    const bool too_large = std::get<error_code>(read) == http::error::body_limit;
    if (std::get<error_code>(read) && !too_large) co_return;

    HttpReply reply;
    if (too_large) {
      reply.status = 413;
      reply.content_type = "text/plain";
      reply.body = "Payload too large";
    } else {
      reply = handled(handler, request_of(parser.release()));
    }
    if (reply.delay.count() > 0) {
      // A longer delay could overflow the clock.
      asio::steady_timer timer(socket.get_executor(), std::min(reply.delay, longest_delay));
      co_await timer.async_wait(asio::use_awaitable);
    }
    if (reply.drop) co_return;

    const auto response = response_of(std::move(reply), !too_large && parser.keep_alive());
    const auto written = co_await http::async_write(socket, response, as_results);
    if (std::get<error_code>(written) || !response.keep_alive()) co_return;
  }
}

asio::awaitable<void> accept(tcp::acceptor acceptor, const HttpServer::Handler& handler) {
  for (;;) {
    auto accepted = co_await acceptor.async_accept(as_results);
    if (std::get<error_code>(accepted)) {
      // For example, there is no free file descriptor. The connection remains in the queue of the system.
      asio::steady_timer pause(acceptor.get_executor(), std::chrono::milliseconds(10));
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    auto connection = serve(std::get<tcp::socket>(std::move(accepted)), handler);
    asio::co_spawn(acceptor.get_executor(), std::move(connection), asio::detached);
  }
}

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (beast::iequals(field, name)) return value;
  }
  return {};
}

struct HttpServer::Impl {
  explicit Impl(Handler handle) : handler(std::move(handle)) {
    try {
      tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
      port = acceptor.local_endpoint().port();
      asio::co_spawn(context, accept(std::move(acceptor), handler), asio::detached);
    } catch (const boost::system::system_error& fault) {
      throw std::system_error(fault.code(), "FakeServer cannot listen");
    }
    thread = std::thread([this] { context.run(); });
  }
  ~Impl() {
    context.stop();
    thread.join();
  }

  Handler handler;
  asio::io_context context{1};
  std::uint16_t port = 0;
  std::thread thread;
};

HttpServer::HttpServer(Handler handler) : impl_(std::make_unique<Impl>(std::move(handler))) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const noexcept {
  return impl_->port;
}

}  // namespace chroma::testing
