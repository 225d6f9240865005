#pragma once

#include <chroma/options.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace chroma::transport {

struct SslFree {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;
using X509Ptr = std::unique_ptr<X509, SslFree>;

/// Why the server's certificate was refused, kept for the error's text.
struct VerifyFailure {
  int code = 0;  ///< X509_V_OK if it was not.
  X509Ptr certificate;

  /// In words, with what to do; empty if the certificate was not refused.
  [[nodiscard]] std::string describe(const std::string& host) const;
};

/// Trust, own certificate and protocol versions: what the connections of a client share. Thread-safe.
class TlsContext {
 public:
  /// @throws ChromaHttpClientError with RequestError, stage tls, that names the file which cannot be used
  explicit TlsContext(const TlsOptions& options);

  /// A client's end of a new connection, which expects `host` (a name or an IP address) in the certificate
  /// and leaves in `failure`, which must outlive it, why it was refused.
  [[nodiscard]] SslPtr make_connection(const std::string& host, VerifyFailure& failure) const;

 private:
  std::unique_ptr<SSL_CTX, SslFree> context_;
};

}  // namespace chroma::transport
