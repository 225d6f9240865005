#pragma once

/// @file
/// Everything that can be set on a client and on a call.

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

/// HTTP headers as name and value, in the order in which they are sent.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// When and how often a failed request is sent again (the crate's numbers).
///
/// Repeated are 429 on any operation; 500, 502, 503, 504 and transport failures on operations that only read.
/// Before retry n the call waits `min_delay` * 2^(n-1), at most `max_delay`; with `jitter` up to twice that
/// wait, evenly distributed, but never beyond `max_delay`. A `Retry-After` of the server is obeyed instead
/// when it is longer. A wait that would pass the deadline ends the call with the error at hand.
struct CHROMA_API ChromaRetryOptions {
  ChromaRetryOptions() = default;

  std::size_t max_retries = 3;                ///< Further tries after the first; 0 turns retrying off.
  std::chrono::milliseconds min_delay{200};   ///< Wait before the first retry; 0 does not wait.
  std::chrono::milliseconds max_delay{5000};  ///< Upper limit of a wait that the client chooses itself.
  bool jitter = true;                         ///< Spread the waits of many clients.

  friend bool operator==(const ChromaRetryOptions&, const ChromaRetryOptions&) = default;
};

/// How requests prove who sends them. Never printed: a stream shows the header's name alone.
class CHROMA_API ChromaAuthMethod {
 public:
  /// No credentials, the same as `none()`.
  ChromaAuthMethod() = default;

  /// No credentials.
  [[nodiscard]] static ChromaAuthMethod none();
  /// Chroma Cloud: sends `x-chroma-token: key`. Blanks and line ends around the key are trimmed.
  /// @throws ChromaHttpClientOptionsError if the key is empty or has characters that no header may have
  [[nodiscard]] static ChromaAuthMethod cloud_api_key(std::string key);
  /// Any header, for example `header("authorization", "Bearer ...")`. The value is trimmed.
  /// @throws ChromaHttpClientOptionsError if name or value cannot be a header
  [[nodiscard]] static ChromaAuthMethod header(std::string name, std::string value);

  /// The header's name; empty for none.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The header's value, which is a secret.
  [[nodiscard]] const std::string& value() const noexcept { return value_; }

  friend bool operator==(const ChromaAuthMethod&, const ChromaAuthMethod&) = default;
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const ChromaAuthMethod& auth);

 private:
  std::string name_;
  std::string value_;
};

/// TLS settings for https endpoints and https proxies. The host's name (or IP address) is always checked
/// against the certificate when `verify_peer` is on.
struct CHROMA_API TlsOptions {
  TlsOptions() = default;

  bool verify_peer = true;         ///< Off accepts every certificate: for experiments only.
  std::string ca_file;             ///< PEM file of trusted authorities; empty: the system's.
  std::string ca_path;             ///< Folder of trusted authorities (hashed names); empty: the system's.
  std::string client_certificate;  ///< PEM file of the client's certificate chain; empty: none.
  std::string client_key;          ///< PEM file of its private key; empty: the certificate's file.

  friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

/// How `add`, `upsert` and `update` write embeddings. Queries are always numbers, the server takes nothing
/// else.
enum class EmbeddingEncoding {
  Automatic,  ///< Base64 where the server's pre-flight answer says that it takes it, else JSON.
  Json,       ///< Always numbers.
  Base64,     ///< Always base64 of little-endian f32.
};

/// Options for the calls of one handle, see `with_options`. Unset members leave the client's own value.
struct CHROMA_API CallOptions {
  CallOptions() = default;

  std::optional<std::chrono::milliseconds> timeout;  ///< In place of `request_timeout`; zero is none.
  std::optional<ChromaRetryOptions> retry;           ///< In place of `retry_options`.
  Headers headers;                                   ///< Sent besides, and in place of, the client's headers.
};

/// Everything about a client. Mistakes are found when the client is made.
struct CHROMA_API ChromaHttpClientOptions {
  ChromaHttpClientOptions() = default;

  /// Base URL, http or https. A path in it is kept as a prefix: `https://host/chroma` asks
  /// `https://host/chroma/api/v2/...`. `user:password@` is sent as Basic authentication, beside the
  /// `auth_method` unless that has the header `authorization` itself. A query or a fragment is refused.
  std::string endpoint = "http://localhost:8000";
  ChromaAuthMethod auth_method;              ///< None unless set.
  ChromaRetryOptions retry_options;          ///< See there.
  std::optional<std::string> tenant_id;      ///< Unset: asked from the server (`/auth/identity`) when needed.
  std::optional<std::string> database_name;  ///< Unset: asked likewise; works with access to exactly one.

  std::chrono::milliseconds connect_timeout{10'000};  ///< Resolve, connect, proxy, TLS; zero is none.
  std::chrono::milliseconds request_timeout{60'000};  ///< Over all attempts of one call; zero is none.
  std::size_t max_connections = 64;  ///< Open at once; at least 1. Further calls wait in order.
  std::chrono::milliseconds idle_timeout{
      30'000};  ///< Age at which an unused connection is dropped; zero keeps none.
  std::size_t max_response_bytes = std::size_t(1) << 30;  ///< Longest body accepted, 1 GiB; at least 1.
  TlsOptions tls;                                         ///< For https.
  /// `http://[user:password@]host:port` or https; empty text: no proxy at all; unset: the environment is read
  /// when the client is made, as curl reads it: `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` in capitals or not,
  /// `http_proxy` in small letters only.
  std::optional<std::string> proxy;
  Headers default_headers;                                              ///< Sent with every request.
  EmbeddingEncoding embedding_encoding = EmbeddingEncoding::Automatic;  ///< See there.
  Observer observer;  ///< Told of every attempt; empty: none.
  Logger logger;      ///< Silent unless set.

  /// Local server: `CHROMA_ENDPOINT` (default `http://localhost:8000`), `CHROMA_TENANT`
  /// (`default_tenant`), `CHROMA_DATABASE` (`default_database`). A variable that is set but empty counts.
  /// @throws ChromaHttpClientOptionsError if the endpoint is no URL
  [[nodiscard]] static ChromaHttpClientOptions from_env();
  /// Chroma Cloud: `CHROMA_API_KEY` (required), `CHROMA_ENDPOINT` (default `https://api.trychroma.com`),
  /// `CHROMA_TENANT` and `CHROMA_DATABASE` (unset: asked from the server).
  /// @throws ChromaHttpClientOptionsError if the endpoint is no URL, or the key is missing or invalid
  [[nodiscard]] static ChromaHttpClientOptions from_cloud_env();
  /// Chroma Cloud with a key and a database; the tenant is asked from the server.
  /// @throws ChromaHttpClientOptionsError if the key is invalid
  [[nodiscard]] static ChromaHttpClientOptions cloud(std::string api_key, std::string database);
  /// Chroma Cloud with a key alone, for work on databases.
  /// @throws ChromaHttpClientOptionsError if the key is invalid
  [[nodiscard]] static ChromaHttpClientOptions cloud_admin(std::string api_key);
};

/// A mistake in the options of a client.
class CHROMA_API ChromaHttpClientOptionsError : public std::runtime_error {
 public:
  /// The crate's cases.
  enum class Kind {
    InvalidHeaderValue,    ///< A header's name or value has characters that HTTP does not allow.
    InvalidEndpoint,       ///< The endpoint or the proxy is not a usable URL.
    MissingConfiguration,  ///< Something required is not set, or a number is out of its range.
  };

  /// @param message the whole text of `what()`
  ChromaHttpClientOptionsError(Kind kind, const std::string& message);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

}  // namespace chroma
