#pragma once

/// @file
/// Options of a client and of single calls, and the exception for invalid options.

#include <chroma/embedding_registry.hpp>
#include <chroma/export.hpp>
#include <chroma/logger.hpp>
#include <chroma/observer.hpp>

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace chroma {

/// HTTP headers as pairs of name and value, in the order in which they are sent.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// How often a failed request is sent again, and how long the client waits in between. The defaults are those
/// of the Rust crate.
///
/// A response with status 429 is retried for every operation. Status 500, 502, 503 and 504 and transport
/// failures are retried for idempotent operations only: those whose documentation says so.
///
/// Before retry n (1 for the first) the client waits `min_delay` * 2^(n-1), at most `max_delay`. With
/// `jitter` it adds a random part of up to the same length, evenly distributed, and still waits at most
/// `max_delay`. If the response has a header `Retry-After` with a longer delay, the client waits that long,
/// up to `max_retry_after`. If a wait would end after the deadline of the call, the call fails at once with
/// the error of the last attempt.
struct CHROMA_API ChromaRetryOptions {
  ChromaRetryOptions() = default;

  std::size_t max_retries = 3;               ///< Attempts after the first one; 0 turns retries off.
  std::chrono::milliseconds min_delay{200};  ///< Wait before the first retry; 0 retries at once.
  /// Longest wait between attempts, unless the server asks for a longer one in `Retry-After`.
  std::chrono::milliseconds max_delay{5000};
  /// Longest `Retry-After` of a server that is waited for. If the server asks for a longer wait, the call
  /// fails at once with the `ApiError`, whose `retry_after` holds it.
  std::chrono::milliseconds max_retry_after{60'000};
  bool jitter = true;  ///< Randomize the waits, so that many clients do not retry at the same time.

  friend bool operator==(const ChromaRetryOptions&, const ChromaRetryOptions&) = default;
};

/// The header that authenticates requests. `operator<<` prints the name of the header and never its value.
class CHROMA_API ChromaAuthMethod {
 public:
  /// No credentials, the same as `none()`.
  ChromaAuthMethod() = default;

  /// No credentials.
  [[nodiscard]] static ChromaAuthMethod none();
  /// Credentials for Chroma Cloud: sends the header `x-chroma-token: key`. Spaces, tabs and line ends around
  /// the key are removed.
  /// @throws ChromaHttpClientOptionsError of kind InvalidHeaderValue if the key is empty or has characters
  /// other than visible ASCII, spaces and tabs
  [[nodiscard]] static ChromaAuthMethod cloud_api_key(std::string key);
  /// Any other header, for example `header("authorization", "Bearer ...")`. Spaces, tabs and line ends around
  /// the value are removed.
  /// @throws ChromaHttpClientOptionsError of kind InvalidHeaderValue if HTTP does not allow the name, or if
  /// the value has characters other than visible ASCII, spaces and tabs
  [[nodiscard]] static ChromaAuthMethod header(std::string name, std::string value);

  /// The name of the header; empty if there are no credentials.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The value of the header, which is a secret.
  [[nodiscard]] const std::string& value() const noexcept { return value_; }

  friend bool operator==(const ChromaAuthMethod&, const ChromaAuthMethod&) = default;
  /// The name of the header followed by "[secret]", or "no authentication".
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const ChromaAuthMethod& auth);

 private:
  std::string name_;
  std::string value_;
};

/// TLS settings for https endpoints and https proxies. The files are read when the client is made. The client
/// speaks TLS 1.2 or newer. With `verify_peer` on, it also requires that the certificate is issued for the
/// host name or IP address of the URL.
struct CHROMA_API TlsOptions {
  TlsOptions() = default;

  bool verify_peer = true;  ///< False accepts every certificate, which is insecure; for experiments only.
  /// PEM file with the certificates of trusted authorities. If both `ca_file` and `ca_path` are empty, the
  /// trust store of the system is used.
  std::string ca_file;
  /// Directory with the certificates of trusted authorities, named by hash as `openssl rehash` names them.
  std::string ca_path;
  std::string client_certificate;  ///< PEM file with the client's certificate chain; empty sends none.
  /// PEM file with the private key, without a passphrase; if empty, the key is read from
  /// `client_certificate`.
  std::string client_key;

  friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

/// How `add`, `upsert` and `update` write embeddings into the request body. `query` and `search` always write
/// JSON numbers, because the server accepts nothing else there. More encodings may be added: write a default
/// in a `switch` over this type.
enum class EmbeddingEncoding {
  /// Base64 if `GET /api/v2/pre-flight-checks` says that the server supports it, else JSON. The client sends
  /// that request once, before a write, when the writes of all its handles have held 1024 floats together,
  /// and
  /// keeps the result. Until then, and if the request fails, it writes JSON.
  Automatic,
  Json,    ///< Always JSON numbers.
  Base64,  ///< Always base64 of little-endian 32-bit floats, about half as many bytes as JSON numbers.
};

/// Options for the calls of one handle, see `with_options`. A member that is unset keeps the value that the
/// client has.
struct CHROMA_API CallOptions {
  CallOptions() = default;

  /// Deadline of each call in place of `request_timeout`, over all attempts; zero means no deadline.
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<ChromaRetryOptions> retry;  ///< Retry policy in place of `retry_options`.
  /// Headers that are sent in addition to the client's; one of the same name replaces the client's, also that
  /// of the `auth_method`. The rules of `ChromaHttpClientOptions::default_headers` hold.
  Headers headers;
  std::optional<EmbeddingEncoding> embedding_encoding;  ///< Replaces the client's `embedding_encoding`.
};

/// The options of a client. They are checked when the client is made, which throws
/// `ChromaHttpClientOptionsError` if one of them is invalid.
struct CHROMA_API ChromaHttpClientOptions {
  ChromaHttpClientOptions() = default;

  /// Base URL of the server, http or https. A path is kept as a prefix: for `https://host/chroma` requests go
  /// to `https://host/chroma/api/v2/...`. `user:password@` is sent as Basic authentication in addition to the
  /// `auth_method`, unless that is itself the header `authorization`. A query or a fragment is an error.
  std::string endpoint = "http://localhost:8000";
  ChromaAuthMethod auth_method;      ///< Credentials of every request; none by default.
  ChromaRetryOptions retry_options;  ///< Retry policy of every call.
  /// Tenant of the calls. If unset, the client asks the server (`GET /api/v2/auth/identity`) when it first
  /// needs it.
  std::optional<std::string> tenant_id;
  /// Database of the calls. If unset, the client asks the server likewise, which succeeds if the credentials
  /// give access to exactly one database.
  std::optional<std::string> database_name;

  /// Longest time for opening one connection: name resolution, TCP, proxy and TLS; zero means no limit.
  std::chrono::milliseconds connect_timeout{10'000};
  /// Deadline of each call over all its attempts, waits included; zero means no deadline.
  std::chrono::milliseconds request_timeout{60'000};
  /// Most connections that are open at once; at least 1. Further calls wait in the order of their arrival.
  std::size_t max_connections = 64;
  /// Time after which a connection that no call uses is closed; zero closes it after each call. Unused
  /// connections are not work of the execution context: `io_context::run()` returns when the calls have
  /// ended.
  std::chrono::milliseconds idle_timeout{30'000};
  /// Whether the system probes connections whose peer is silent (TCP keepalive, with the system's intervals),
  /// so that a connection to a peer that has gone is noticed.
  bool tcp_keepalive = true;
  /// Largest response body in bytes, 1 GiB by default; at least 1. A larger one fails the call with
  /// `Stage::decode`. Decoding holds at most 64 bytes of memory for each byte of a response with records
  /// (about 2 for embeddings), and 128 for each byte of a collection's schema.
  std::size_t max_response_bytes = std::size_t(1) << 30;
  TlsOptions tls;  ///< For https endpoints and https proxies.
  /// Proxy as `http://[user:password@]host:port`, or with https; without a scheme it is http, and the default
  /// port of http is 1080. An empty text means no proxy. If unset, the environment variables are read when
  /// the client is made, as curl reads them: for https endpoints `https_proxy`, `HTTPS_PROXY`, `all_proxy`,
  /// `ALL_PROXY`, for http endpoints `http_proxy` (in lower case only), `all_proxy`, `ALL_PROXY`; `no_proxy`
  /// or `NO_PROXY` lists exceptions. SOCKS proxies are an error.
  std::optional<std::string> proxy;
  /// Headers of every request; one of the same name replaces `user-agent`, `accept` and the Basic
  /// authentication of the endpoint. Headers that the client sets itself are an error: `host`,
  /// `content-length`, `content-type`, `transfer-encoding`, `connection`, `te`, `trailer`, `upgrade`,
  /// `accept-encoding`, `expect`.
  Headers default_headers;
  /// How embeddings are written into requests.
  EmbeddingEncoding embedding_encoding = EmbeddingEncoding::Automatic;
  /// The functions that collections of the client build from the configuration that they keep, when they
  /// first need one. Components add theirs: `embed::add_bm25(options.embedding_functions)`.
  embed::Registry embedding_functions;
  Observer observer;  ///< Called after every attempt; none by default.
  Logger logger;      ///< Destination of log lines; silent by default.

  /// Options for a server without authentication, with the tenant and the database that every server has
  /// (`default_tenant`, `default_database`). Of the environment, only the variables of proxies are read.
  [[nodiscard]] static ChromaHttpClientOptions local(std::string url = "http://localhost:8000");
  /// Options for a local server from the environment: `CHROMA_ENDPOINT` (default `http://localhost:8000`),
  /// `CHROMA_TENANT` (default `default_tenant`) and `CHROMA_DATABASE` (default `default_database`). A
  /// variable that is set to an empty text is used as such; one that is not valid UTF-8 counts as unset.
  /// @throws ChromaHttpClientOptionsError of kind InvalidEndpoint if the endpoint is not a URL
  [[nodiscard]] static ChromaHttpClientOptions from_env();
  /// Options for Chroma Cloud from the environment: `CHROMA_API_KEY` (required), `CHROMA_ENDPOINT` (default
  /// `https://api.trychroma.com`), `CHROMA_TENANT` and `CHROMA_DATABASE` (if unset, the client asks the
  /// server). Empty variables and variables that are not valid UTF-8 are treated as by `from_env`.
  /// @throws ChromaHttpClientOptionsError if the endpoint is not a URL, or if the key is missing or invalid
  [[nodiscard]] static ChromaHttpClientOptions from_cloud_env();
  /// Options for Chroma Cloud with a key and a database. The client asks the server for the tenant.
  /// @throws ChromaHttpClientOptionsError if the key is invalid
  [[nodiscard]] static ChromaHttpClientOptions cloud(std::string api_key, std::string database);
  /// Options for Chroma Cloud with a key alone, for operations on databases. The client asks the server for
  /// the tenant and, where an operation needs one, for the database.
  /// @throws ChromaHttpClientOptionsError if the key is invalid
  [[nodiscard]] static ChromaHttpClientOptions cloud_admin(std::string api_key);
};

/// Settings of a client that libraries on top of it need. They contain no secret.
struct ClientSettings {
  std::string endpoint;  ///< Without user and password.
  bool cloud = false;    ///< The host belongs to Chroma Cloud, or requests have the header `x-chroma-token`.
  std::chrono::milliseconds request_timeout{};  ///< The deadline of the calls of this handle; zero is none.
  EmbeddingEncoding embedding_encoding = EmbeddingEncoding::Automatic;  ///< Of the calls of this handle.
  Logger logger;
};

/// Thrown for invalid options: by the constructors of clients, by `with_options` and `with_scope`, by the
/// factories of `ChromaAuthMethod` and by the functions that read the environment.
class CHROMA_API ChromaHttpClientOptionsError : public std::runtime_error {
 public:
  /// The cases of the Rust crate. More may be added: write a default in a `switch` over this type.
  enum class Kind {
    InvalidHeaderValue,  ///< HTTP does not allow a header's name or value, or the client reserves the name.
    InvalidEndpoint,     ///< The endpoint or the proxy is not a usable URL.
    /// A required value is not set, a number is out of its range, or a TLS file cannot be used.
    MissingConfiguration,
  };

  /// @param message the whole text of `what()`
  ChromaHttpClientOptionsError(Kind kind, const std::string& message);

  /// Which of the cases it is.
  [[nodiscard]] Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

}  // namespace chroma
