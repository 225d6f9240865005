#include "loopback.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <stdexcept>

namespace chroma::test {

using boost::system::error_code;

struct Peer::Layer {
  virtual ~Layer() = default;
  virtual std::size_t read_some(asio::mutable_buffer into, error_code& failure) = 0;
  virtual std::size_t write_some(asio::const_buffer from, error_code& failure) = 0;
  virtual void say_goodbye() = 0;
  virtual tcp::socket& socket() = 0;

  void write(std::string_view text);
};

namespace {

struct TcpLayer final : Peer::Layer {
  explicit TcpLayer(tcp::socket connected) : socket_(std::move(connected)) {}
  std::size_t read_some(asio::mutable_buffer into, error_code& failure) override {
    return socket_.read_some(into, failure);
  }
  std::size_t write_some(asio::const_buffer from, error_code& failure) override {
    if (left == 0) {
      failure = asio::error::broken_pipe;
      return 0;
    }
    const std::size_t count = socket_.write_some(asio::buffer(from, left), failure);
    left -= count;
    return count;
  }
  void say_goodbye() override { socket_.shutdown(tcp::socket::shutdown_send); }
  tcp::socket& socket() override { return socket_; }

  tcp::socket socket_;
  std::size_t left = std::size_t(-1);  ///< What may still be written.
};

/// A layer as ssl::stream wants it.
class Link {
 public:
  using lowest_layer_type = Link;
  using executor_type = asio::any_io_executor;

  explicit Link(Peer::Layer& below) : below_(below) {}
  executor_type get_executor() { return below_.socket().get_executor(); }
  lowest_layer_type& lowest_layer() { return *this; }
  template <class Buffers>
  std::size_t read_some(const Buffers& into, error_code& failure) {
    return below_.read_some(*asio::buffer_sequence_begin(into), failure);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& from, error_code& failure) {
    return below_.write_some(*asio::buffer_sequence_begin(from), failure);
  }

 private:
  Peer::Layer& below_;
};

struct TlsLayer final : Peer::Layer {
  TlsLayer(Peer::Layer& below, const ServerTls& tls)
      : below_(below), context_(prepare(tls)), stream_(Link(below), context_) {
    stream_.handshake(asio::ssl::stream_base::server);
  }
  static asio::ssl::context prepare(const ServerTls& tls) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    context.use_certificate_chain(asio::buffer(tls.identity.certificate));
    context.use_private_key(asio::buffer(tls.identity.key), asio::ssl::context::pem);
    if (!tls.client_authority.empty()) {
      context.add_certificate_authority(asio::buffer(tls.client_authority));
      context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
    if (tls.only_tls_1_2) SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_2_VERSION);
    return context;
  }
  std::size_t read_some(asio::mutable_buffer into, error_code& failure) override {
    return stream_.read_some(asio::mutable_buffers_1(into), failure);
  }
  std::size_t write_some(asio::const_buffer from, error_code& failure) override {
    return stream_.write_some(asio::const_buffers_1(from), failure);
  }
  void say_goodbye() override {
    error_code ignored;
    stream_.shutdown(ignored);
  }
  tcp::socket& socket() override { return below_.socket(); }

  Peer::Layer& below_;
  asio::ssl::context context_;
  asio::ssl::stream<Link> stream_;
};

}  // namespace

Peer::Peer(tcp::socket socket) {
  layers_.push_back(std::make_unique<TcpLayer>(std::move(socket)));
}

Peer::~Peer() = default;

void Peer::start_tls(const ServerTls& tls) {
  layers_.push_back(std::make_unique<TlsLayer>(*layers_.back(), tls));
}

std::string Peer::read_some(std::size_t limit) {
  std::string text(limit, '\0');
  error_code failure;
  text.resize(layers_.back()->read_some(asio::buffer(text), failure));
  if (failure && failure != asio::error::eof) throw boost::system::system_error(failure);
  return text;
}

std::string Peer::read(std::size_t count) {
  std::string text;
  text.reserve(count);
  while (text.size() < count) {
    const std::string part = read_some(std::min<std::size_t>(count - text.size(), 1 << 20));
    if (part.empty()) throw std::runtime_error("the client sent less than expected");
    text += part;
  }
  return text;
}

std::string Peer::read_until(std::string_view end) {
  std::string text;
  while (!text.ends_with(end)) {
    const std::string byte = read_some(1);
    if (byte.empty()) throw std::runtime_error("the client sent less than expected");
    text += byte;
  }
  return text;
}

void Peer::read_to_end() {
  while (!read_some().empty()) {
  }
}

void Peer::Layer::write(std::string_view text) {
  while (!text.empty()) {
    error_code failure;
    const std::size_t count = write_some(asio::buffer(text), failure);
    if (failure) throw boost::system::system_error(failure);
    text.remove_prefix(count);
  }
}

void Peer::write(std::string_view text) {
  layers_.back()->write(text);
}

void Peer::write_below(std::string_view text) {
  layers_.at(layers_.size() - 2)->write(text);
}

void Peer::close_after(std::size_t bytes) {
  static_cast<TcpLayer&>(*layers_.front()).left = bytes;
}

void Peer::say_goodbye() {
  layers_.back()->say_goodbye();
}

void Peer::close() {
  layers_.front()->socket().close();
}

LoopbackServer::LoopbackServer(Session session, const std::string& address)
    : acceptor_(context_, tcp::endpoint(asio::ip::make_address(address), 0)),
      endpoint_(acceptor_.local_endpoint()),
      session_(std::move(session)),
      thread_([this] { serve(); }) {}

LoopbackServer::~LoopbackServer() {
  stopping_ = true;
  error_code ignored;
  tcp::socket wake(context_);
  wake.connect(endpoint_, ignored);
  thread_.join();
}

transport::Origin LoopbackServer::origin(bool tls) const {
  transport::Origin origin;
  origin.tls = tls;
  origin.host = endpoint_.address().to_string();
  origin.port = endpoint_.port();
  return origin;
}

void LoopbackServer::serve() {
  for (;;) {
    tcp::socket socket = acceptor_.accept();
    if (stopping_) return;
    socket.set_option(tcp::no_delay(true));
    ++accepted_;
    try {
      Peer peer(std::move(socket));
      session_(peer);
    } catch (const std::exception&) {
      // The client has gone, as many tests want it; what it found is for the test to judge.
    }
  }
}

std::uint16_t closed_port() {
  asio::io_context context;
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  return acceptor.local_endpoint().port();
}

SilentPort::SilentPort() : acceptor_(context_) {
  acceptor_.open(tcp::v4());
  acceptor_.bind(tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  acceptor_.listen(0);
  // Fills the backlog of the listening socket, so that the next connection waits.
  for (int i = 0; i < 4; ++i) {
    fillers_.emplace_back(context_);
    fillers_.back().async_connect(acceptor_.local_endpoint(), [](error_code) {});
    context_.poll();
  }
}

transport::Origin SilentPort::origin() const {
  transport::Origin origin;
  origin.host = "127.0.0.1";
  origin.port = acceptor_.local_endpoint().port();
  return origin;
}

}  // namespace chroma::test
