#include "transport/request_head.hpp"

#include "core/header_text.hpp"

#include <chroma/error.hpp>

#include <algorithm>

namespace chroma::transport {
namespace {

using namespace std::string_view_literals;

/// A line end or NUL in a value could add headers of its own; a space in a target would end it.
void check_text(std::string_view text, std::string_view forbidden, const char* field) {
  if (text.find_first_of(forbidden) == std::string_view::npos) return;
  throw ChromaHttpClientError(ValidationError{"has a character that HTTP does not allow there", field});
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  check_text(name, "\r\n\0: "sv, "headers");
  check_text(value, "\r\n\0"sv, "headers");
  head.append(name).append(": ").append(value).append("\r\n");
}

bool has_header(const Headers& headers, std::string_view name) noexcept {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return core::same_header_name(header.first, name); });
}

}  // namespace

std::string format_request_head(const HttpRequest& request, std::string_view target, const Origin& origin,
                                const Headers& common, const Route& route) {
  check_text(request.method, "\r\n\0 "sv, "method");
  check_text(target, "\r\n\0 "sv, "target");
  std::string head;
  head.reserve(512);
  head.append(request.method).append(" ").append(route.target_prefix).append(target).append(" HTTP/1.1\r\n");
  if (!has_header(request.headers, "host")) append_header(head, "host", origin.host_header());
  for (const auto& [name, value] : route.headers) append_header(head, name, value);
  for (const auto& [name, value] : common) {
    if (!has_header(request.headers, name)) append_header(head, name, value);
  }
  for (const auto& [name, value] : request.headers) append_header(head, name, value);
  if (request.method != "GET") {
    append_header(head, "content-length", std::to_string(request.body_view().size()));
  }
  head.append("\r\n");
  return head;
}

}  // namespace chroma::transport
