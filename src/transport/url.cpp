// Parses and builds URLs: of the endpoint, of redirects, of proxies, and the paths of the API.

#include "transport/url.hpp"

#include "core/ascii.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace chroma::transport {
namespace {

using core::hex_digit;
using core::is_alpha;
using core::is_digit;

// RFC 3986 section 2.3.
bool is_unreserved(char c) noexcept {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

bool is_control_or_space(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

// A part of the URL for an error message. If the URL has a '@', any part may be that of a password and is not
// shown.
std::string in_quotes(std::string_view part, bool may_be_secret) {
  return may_be_secret ? std::string() : " '" + std::string(part) + "'";
}

void append_encoded(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

template <class Keep>
std::string encode(std::string_view text, Keep keep) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    if (keep(c)) {
      result += c;
    } else {
      append_encoded(result, c);
    }
  }
  return result;
}

// Path and query are not normalized; only characters that request lines must not have are encoded.
std::string encode_stray(std::string_view text) {
  return encode(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x80 &&
           std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

std::string decode_user_info(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      throw std::invalid_argument("the user or password has a '%' that two hexadecimal digits do not follow");
    }
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

void parse_user_info(std::string_view text, Url& url) {
  const auto colon = text.find(':');
  url.user = decode_user_info(text.substr(0, colon));
  if (colon != std::string_view::npos) url.password = decode_user_info(text.substr(colon + 1));
}

std::string parse_ipv6(std::string_view text, bool may_be_secret) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address_v6(std::string(text), failure);
  if (failure || text.find('%') != std::string_view::npos) {
    throw std::invalid_argument("the host" + in_quotes(text, may_be_secret) + " is no IPv6 address");
  }
  return address.to_string();
}

std::string parse_host(std::string_view text, bool may_be_secret) {
  if (text.empty()) throw std::invalid_argument("the host is missing");
  if (std::count(text.begin(), text.end(), ':') > 1) {
    throw std::invalid_argument("an IPv6 address needs brackets, as in http://[::1]:8000");
  }
  for (const char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      throw std::invalid_argument("the host has letters outside ASCII: write it in its xn-- form");
    }
    if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.' && c != '_') {
      throw std::invalid_argument("the host has a character that is not allowed" +
                                  in_quotes({&c, 1}, may_be_secret));
    }
  }
  if (text.size() > 254) throw std::invalid_argument("the host is longer than a name can be");
  return core::lower_case(text);
}

void parse_port(std::string_view text, Url& url) {
  if (text.empty()) return;
  unsigned port = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), port);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || port == 0 || port > 65535) {
    // The message does not contain the port: after an unencoded '/' it may be the start of a password.
    throw std::invalid_argument("the port is no number from 1 to 65535");
  }
  url.origin.port = static_cast<std::uint16_t>(port);
  url.port_given = true;
}

void parse_authority(std::string_view text, bool may_be_secret, Url& url) {
  const auto at = text.rfind('@');
  if (at != std::string_view::npos) {
    parse_user_info(text.substr(0, at), url);
    text.remove_prefix(at + 1);
  }
  if (text.starts_with('[')) {
    const auto bracket = text.find(']');
    if (bracket == std::string_view::npos) throw std::invalid_argument("the IPv6 address lacks its ']'");
    url.origin.host = parse_ipv6(text.substr(1, bracket - 1), may_be_secret);
    text.remove_prefix(bracket + 1);
    if (!text.empty() && text[0] != ':') {
      throw std::invalid_argument("after the IPv6 address only a port may follow");
    }
    parse_port(text.empty() ? text : text.substr(1), url);
    return;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    url.origin.host = parse_host(text, may_be_secret);
    return;
  }
  url.origin.host = parse_host(text.substr(0, colon), may_be_secret);
  parse_port(text.substr(colon + 1), url);
}

// Removes the scheme and "://" from the text.
bool take_scheme(std::string_view& text, bool may_be_secret) {
  const auto end = text.find("://");
  if (end == std::string_view::npos || text.find_first_of("/?#@") < end) {
    std::string hint = "the scheme is missing: write http:// or https:// in front";
    if (!may_be_secret) hint += ", as in http://" + std::string(text);
    throw std::invalid_argument(hint);
  }
  const std::string scheme = core::lower_case(text.substr(0, end));
  text.remove_prefix(end + 3);
  if (scheme == "https") return true;
  if (scheme == "http") return false;
  throw std::invalid_argument("the scheme" + in_quotes(scheme, may_be_secret) +
                              " is not known here: use http or https");
}

}  // namespace

std::string Origin::authority() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Origin::host_header() const {
  std::string text = authority();
  if (port == (tls ? 443 : 80)) text.resize(text.rfind(':'));
  return text;
}

std::string Origin::to_string() const {
  return (tls ? "https://" : "http://") + authority();
}

Url parse_url(std::string_view text) {
  if (text.empty()) throw std::invalid_argument("the URL is empty");
  if (std::any_of(text.begin(), text.end(), is_control_or_space)) {
    throw std::invalid_argument("the URL has blanks or control characters");
  }
  const bool may_be_secret = text.find('@') != std::string_view::npos;
  Url url;
  url.origin.tls = take_scheme(text, may_be_secret);
  url.origin.port = url.origin.tls ? 443 : 80;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    url.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const auto question = text.find('?'); question != std::string_view::npos) {
    url.query = encode_stray(text.substr(question + 1));
    text = text.substr(0, question);
  }
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    url.path = encode_stray(text.substr(slash));
    text = text.substr(0, slash);
  }
  parse_authority(text, may_be_secret, url);
  return url;
}

std::string encode_segment(std::string_view segment) {
  return encode(segment, is_unreserved);
}

std::string encode_query(std::string_view text) {
  return encode(text, is_unreserved);
}

}  // namespace chroma::transport
