#include "transport/request_headers.hpp"

#include "core/ascii.hpp"
#include "core/header_text.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace chroma::transport {
namespace {

[[noreturn]] void throw_invalid_header(const std::string& message) {
  throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::InvalidHeaderValue, message);
}

/// True for headers that describe the message itself, where a second one would make the request ambiguous
/// (request smuggling), and for those that ask for responses in a form that the transport cannot read.
bool is_reserved(std::string_view name) noexcept {
  constexpr std::string_view reserved[] = {
      "host", "content-length", "transfer-encoding", "connection",      "content-type",
      "te",   "trailer",        "upgrade",           "accept-encoding", "expect"};
  return std::any_of(std::begin(reserved), std::end(reserved),
                     [&](std::string_view other) { return core::same_header_name(name, other); });
}

}  // namespace

void set_header(Headers& headers, std::string_view name, std::string_view value) {
  if (!core::is_header_name(name)) {
    throw_invalid_header("Invalid header name: HTTP does not allow '" + core::printable(name) + "'");
  }
  if (is_reserved(name)) {
    throw_invalid_header("Invalid header name: " + std::string(name) +
                         " is reserved, because the client sets it itself");
  }
  const auto content = core::trimmed(value);
  if (!core::is_header_value(content)) {
    throw_invalid_header("Invalid header value: failed to parse header value: that of " + std::string(name) +
                         " has characters other than visible ASCII, blanks and tabs");
  }
  const auto same = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
    return core::same_header_name(header.first, name);
  });
  if (same == headers.end()) {
    headers.emplace_back(name, content);
  } else {
    same->second = content;
  }
}

void set_headers(Headers& headers, const Headers& more) {
  for (const auto& [name, value] : more) set_header(headers, name, value);
}

}  // namespace chroma::transport
