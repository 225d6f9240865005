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

/// Why the certificate of the server was refused, kept for the text of the error.
struct VerifyFailure {
  int code = 0;  ///< X509_V_OK if it was not refused.
  X509Ptr certificate;
  bool by_system_trust = false;  ///< The options name no authorities, so those of the system are used.

  /// The reason in words, with what to do; empty if the certificate was not refused.
  [[nodiscard]] std::string describe(const std::string& host) const;
};

/// Trusted authorities, client certificate and protocol versions, which the connections of a client share.
/// Thread-safe.
class TlsContext {
 public:
  /// Reads the files that the options name. The system's authorities are read when the first connection is
  /// made, once for all clients whose options name no files.
  /// @throws ChromaHttpClientError with RequestError, stage tls, that names the file which cannot be used
  explicit TlsContext(const TlsOptions& options);

  /// A client's end of a new connection, which expects `host` (a name or an IP address) in the certificate
  /// and records in `failure`, which must outlive it, why the certificate was refused.
  /// @throws ChromaHttpClientError with RequestError, stage tls, if the system's authorities cannot be read
  [[nodiscard]] SslPtr make_connection(const std::string& host, VerifyFailure& failure) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace chroma::transport
