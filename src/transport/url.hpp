#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chroma::transport {

/// Scheme, host and port, which identify a server.
struct Origin {
  bool tls = false;  ///< https
  std::string host;  ///< Lower case; an IPv6 literal without brackets.
  std::uint16_t port = 80;

  /// "host:port" with brackets around IPv6; the port always written.
  [[nodiscard]] std::string authority() const;
  /// Value of the Host header: without the port if it is the default of the scheme.
  [[nodiscard]] std::string host_header() const;
  /// "https://host:port"
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Origin&, const Origin&) = default;
};

/// The parts of an absolute http or https URL.
struct Url {
  Origin origin;
  std::string user;      ///< Percent-decoded; empty if absent.
  std::string password;  ///< Percent-decoded, a secret.
  std::string path;      ///< Starting with '/' if not empty; as written, but for bytes that no URL may have.
  std::string query;     ///< Without '?', treated likewise.
  std::string fragment;  ///< Without '#'.
  bool port_given = false;  ///< False if the URL has no port, so that the default of the scheme is used.
};

/// Host names are lower-cased, IPv6 literals written in their shortest form; bytes of path and query that no
/// URL may have are percent-encoded.
/// @throws std::invalid_argument whose text says what is wrong, and never repeats a password
[[nodiscard]] Url parse_url(std::string_view text);

/// Percent-encodes one path segment: all but the unreserved characters of RFC 3986.
/// @pre the segment is neither "." nor "..", with which a name would address another resource
[[nodiscard]] std::string encode_segment(std::string_view segment);

/// Percent-encodes a query's name or value: all but unreserved characters.
[[nodiscard]] std::string encode_query(std::string_view text);

}  // namespace chroma::transport
