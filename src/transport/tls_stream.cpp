// TLS by OpenSSL on a socket stream. OpenSSL moves its records through a BIO that calls the stream below
// without waiting; whatever must be waited for is waited for here, on the socket.

#include "transport/tls_stream.hpp"

#include "transport/failure.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace chroma::transport {
namespace {

constexpr std::size_t record_size = SSL3_RT_MAX_PLAIN_LENGTH;

// Advice for common errors of OpenSSL.
const char* tls_advice(const error_code& failure) {
  if (failure.category() != asio::error::get_ssl_category()) return "";
  switch (ERR_GET_REASON(static_cast<unsigned>(failure.value()))) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_BAD_RECORD_TYPE:
      return ": the response is not TLS; if the server speaks plain HTTP, write http:// in the URL";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return ": the server must offer TLS 1.2 or newer";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return ": the server refused this client; it may ask for a certificate, see tls.client_certificate";
    default:
      return "";
  }
}

class TlsStream final : public SocketStream {
 public:
  /// @param purpose for errors: "TLS with host:port"
  TlsStream(std::unique_ptr<SocketStream> below, const TlsContext& context, const std::string& host,
            std::string purpose);

  asio::awaitable<void> handshake();
  /// The reason why the handshake failed.
  [[nodiscard]] std::string explain(const error_code& failure, const std::string& host) const;

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override;
  const std::shared_ptr<SharedSocket>& socket() const noexcept override { return below_->socket(); }
  std::size_t try_read(asio::mutable_buffer into, error_code& failure) override;
  void try_write(BufferCursor& cursor, error_code& failure) override;
  Input peek() noexcept override;

 private:
  static const BIO_METHOD* bio_method();
  static int bio_write(BIO* bio, const char* data, std::size_t size, std::size_t* written);
  static int bio_read(BIO* bio, char* data, std::size_t size, std::size_t* read);
  static long bio_control(BIO* bio, int command, long number, void* pointer);

  [[nodiscard]] asio::const_buffer next_record(const BufferCursor& cursor);
  /// Clears the error queue of OpenSSL. Called before every call of OpenSSL.
  void prepare_call() noexcept;
  /// What the last call of OpenSSL, which returned `result`, failed of; would_block sets `waits_for_`.
  [[nodiscard]] error_code failure_of(int result);
  /// The same for a call that reads. OpenSSL tells of a failure only once; afterwards nothing can be read.
  [[nodiscard]] error_code failure_of_read(int result);

  std::unique_ptr<SocketStream> below_;
  std::string purpose_;
  VerifyFailure verify_failure_;
  SslPtr ssl_;
  error_code below_failure_;  ///< Of the last transfer that the BIO made in this call of OpenSSL.
  error_code read_failure_;   ///< The first that reading met, for good.
  tcp::socket::wait_type waits_for_ = tcp::socket::wait_read;
  std::vector<char> record_;  ///< Small buffers put together, so that head and body share a record.
};

struct BioMethodFree {
  void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};

const BIO_METHOD* TlsStream::bio_method() {
  static const std::unique_ptr<BIO_METHOD, BioMethodFree> method = [] {
    std::unique_ptr<BIO_METHOD, BioMethodFree> made(
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "chroma socket stream"));
    if (!made) throw std::bad_alloc();
    BIO_meth_set_write_ex(made.get(), &TlsStream::bio_write);
    BIO_meth_set_read_ex(made.get(), &TlsStream::bio_read);
    BIO_meth_set_ctrl(made.get(), &TlsStream::bio_control);
    return made;
  }();
  return method.get();
}

int TlsStream::bio_write(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
  auto* stream = static_cast<TlsStream*>(BIO_get_data(bio));
  const asio::const_buffer buffer(data, size);
  BufferCursor cursor(std::span(&buffer, 1));
  BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
  stream->below_->try_write(cursor, stream->below_failure_);
  *written = cursor.written();
  if (!stream->below_failure_) return 1;
  if (stream->below_failure_ == asio::error::would_block)
    BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY);
  return 0;
}

int TlsStream::bio_read(BIO* bio, char* data, std::size_t size, std::size_t* read) {
  auto* stream = static_cast<TlsStream*>(BIO_get_data(bio));
  BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
  *read = stream->below_->try_read(asio::mutable_buffer(data, size), stream->below_failure_);
  if (!stream->below_failure_) return 1;
  if (stream->below_failure_ == asio::error::would_block)
    BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
  return 0;
}

long TlsStream::bio_control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

TlsStream::TlsStream(std::unique_ptr<SocketStream> below, const TlsContext& context, const std::string& host,
                     std::string purpose)
    : below_(std::move(below)),
      purpose_(std::move(purpose)),
      ssl_(context.make_connection(host, verify_failure_)) {
  BIO* bio = BIO_new(bio_method());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

void TlsStream::prepare_call() noexcept {
  ERR_clear_error();
  below_failure_ = {};
}

error_code TlsStream::failure_of(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      waits_for_ = tcp::socket::wait_read;
      return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE:
      waits_for_ = tcp::socket::wait_write;
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    case SSL_ERROR_SYSCALL:
      // Without close_notify, the end of the data cannot be distinguished from truncation. No failure below
      // means that OpenSSL has given up before.
      if (below_failure_ && below_failure_ != asio::error::eof) return below_failure_;
      return asio::ssl::error::stream_truncated;
    default:
      return error_code(static_cast<int>(ERR_peek_error()), asio::error::get_ssl_category());
  }
}

error_code TlsStream::failure_of_read(int result) {
  const error_code failure = failure_of(result);
  if (failure != asio::error::would_block && failure != asio::error::eof) read_failure_ = failure;
  return failure;
}

asio::awaitable<void> TlsStream::handshake() {
  for (;;) {
    prepare_call();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) co_return;
    const error_code failure = failure_of(result);
    if (failure != asio::error::would_block) throw boost::system::system_error(failure);
    co_await wait(waits_for_);
  }
}

std::size_t TlsStream::try_read(asio::mutable_buffer into, error_code& failure) {
  std::size_t total = 0;
  failure = read_failure_;
  if (!failure && into.size() == 0) failure = asio::error::invalid_argument;
  if (failure) return 0;
  // OpenSSL returns one record in each call; further records that it has already received are read, too.
  while (total < into.size() && (total == 0 || SSL_has_pending(ssl_.get()) == 1)) {
    std::size_t count = 0;
    prepare_call();
    const auto rest = into + total;
    const int result = SSL_read_ex(ssl_.get(), rest.data(), rest.size(), &count);
    if (result != 1) {
      const error_code met = failure_of_read(result);
      if (total == 0) failure = met;
      break;
    }
    total += count;
  }
  return total;
}

asio::awaitable<std::size_t> TlsStream::read_some(asio::mutable_buffer into) {
  for (;;) {
    error_code failure;
    const std::size_t count = try_read(into, failure);
    if (!failure) {
      if (is_turn_over(count)) co_await asio::post(asio::use_awaitable);
      co_return count;
    }
    if (failure.category() == asio::error::get_ssl_category()) {
      // Among others: with TLS 1.3 a server refuses the client's certificate only now.
      fail(Stage::tls, failure, purpose_ + " failed: " + failure.message() + tls_advice(failure));
    }
    if (failure != asio::error::would_block) throw boost::system::system_error(failure);
    co_await wait(waits_for_);
  }
}

asio::const_buffer TlsStream::next_record(const BufferCursor& cursor) {
  const asio::const_buffer front = cursor.front();
  if (front.size() >= record_size || cursor.at_last()) return asio::buffer(front, record_size);
  record_.clear();
  std::array<asio::const_buffer, 16> parts;
  for (const auto& part : cursor.remaining(parts)) {
    const std::size_t count = std::min(part.size(), record_size - record_.size());
    const char* data = static_cast<const char*>(part.data());
    record_.insert(record_.end(), data, data + count);
  }
  return asio::buffer(record_);
}

void TlsStream::try_write(BufferCursor& cursor, error_code& failure) {
  failure = read_failure_;
  if (failure) return;
  // After would_block OpenSSL must be given the same bytes again: the cursor has not moved, so it is.
  const asio::const_buffer record = next_record(cursor);
  std::size_t written = 0;
  prepare_call();
  const int result = SSL_write_ex(ssl_.get(), record.data(), record.size(), &written);
  failure = result == 1 ? error_code() : failure_of(result);
  cursor.consume(written);
}

SocketStream::Input TlsStream::peek() noexcept {
  if (read_failure_) return Input::ended;
  char byte = 0;
  std::size_t count = 0;
  prepare_call();
  // Also processes records without application data, such as session tickets.
  const int result = SSL_peek_ex(ssl_.get(), &byte, 1, &count);
  if (result == 1) return Input::data;
  return failure_of_read(result) == asio::error::would_block ? Input::none : Input::ended;
}

std::string TlsStream::explain(const error_code& failure, const std::string& host) const {
  if (verify_failure_.code != X509_V_OK) return verify_failure_.describe(host);
  if (failure == asio::ssl::error::stream_truncated || failure == asio::error::eof ||
      failure == asio::error::connection_reset) {
    return "the server closed the connection (" + failure.message() + "): does it speak TLS on this port?";
  }
  return failure.message() + tls_advice(failure);
}

}  // namespace

asio::awaitable<std::unique_ptr<SocketStream>> start_tls(std::unique_ptr<SocketStream> below,
                                                         const TlsContext& context, std::string host,
                                                         std::string purpose) {
  auto stream = std::make_unique<TlsStream>(std::move(below), context, host, purpose);
  try {
    co_await stream->handshake();
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    fail(Stage::tls, error.code(), purpose + " failed: " + stream->explain(error.code(), host));
  }
  co_return std::unique_ptr<SocketStream>(std::move(stream));
}

}  // namespace chroma::transport
