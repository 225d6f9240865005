#include "support/raw_server.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>

namespace chroma::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::optional<std::string> RawSession::read_head() {
  error_code failure;
  const std::size_t length = asio::read_until(socket_, asio::dynamic_buffer(input_), "\r\n\r\n", failure);
  if (failure) return std::nullopt;
  std::string head = input_.substr(0, length);
  input_.erase(0, length);
  return head;
}

std::optional<std::string> RawSession::read_request() {
  auto request = read_head();
  if (!request) return std::nullopt;
  constexpr std::string_view name = "content-length: ";
  const auto at = request->find(name);
  const std::size_t length =
      at == std::string::npos ? 0 : std::strtoull(request->c_str() + at + name.size(), nullptr, 10);
  error_code failure;
  if (input_.size() < length) {
    asio::read(socket_, asio::dynamic_buffer(input_), asio::transfer_exactly(length - input_.size()),
               failure);
  }
  if (failure) return std::nullopt;
  request->append(input_, 0, length);
  input_.erase(0, length);
  return request;
}

bool RawSession::send(std::string_view bytes) {
  error_code failure;
  asio::write(socket_, asio::buffer(bytes.data(), bytes.size()), failure);
  return !failure;
}

bool RawSession::respond(std::string_view body, std::string_view extra_headers) {
  std::string text = "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n";
  text.append(extra_headers).append("\r\n").append(body);
  return send(text);
}

void RawSession::wait_for_close() {
  char buffer[4096];
  error_code failure;
  while (!failure) socket_.read_some(asio::buffer(buffer), failure);
}

void RawSession::wait_for_end() {
  woken_.get_future().wait();
}

void RawSession::end_stream() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void RawSession::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
}

void RawSession::wake() noexcept {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  woken_.set_value();
}

RawServer::RawServer(Session session)
    : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()),
      session_(std::move(session)),
      accepting_([this] { accept_loop(); }) {}

RawServer::~RawServer() {
  stopping_ = true;
  // A connection of our own ends the blocking accept, which closing the acceptor need not.
  error_code ignored;
  tcp::socket last(context_);
  last.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_), ignored);
  accepting_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& session : sessions_) session->wake();
  }
  for (auto& thread : threads_) thread.join();
}

transport::Origin RawServer::origin() const {
  transport::Origin origin;
  origin.host = "127.0.0.1";
  origin.port = port_;
  return origin;
}

void RawServer::accept_loop() {
  while (true) {
    error_code failure;
    tcp::socket socket = acceptor_.accept(failure);
    if (failure || stopping_) return;
    socket.set_option(tcp::no_delay(true), failure);
    const std::lock_guard lock(mutex_);
    sessions_.push_back(std::make_unique<RawSession>(std::move(socket), accepted_++));
    ++open_;
    threads_.emplace_back([this, place = std::prev(sessions_.end())] {
      session_(**place);
      const std::lock_guard erase_lock(mutex_);
      sessions_.erase(place);
      --open_;
    });
  }
}

}  // namespace chroma::test
