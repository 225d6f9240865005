#include "transport/response_head.hpp"

#include "core/ascii.hpp"
#include "core/header_text.hpp"

#include <algorithm>

namespace chroma::transport {
namespace {

constexpr std::string_view status_pattern = "HTTP/1.d ddd";

/// Takes the first line, with its line end, off a head.
std::string_view take_line(std::string_view& head) noexcept {
  const auto size = std::min(head.find('\n'), head.size() - 1) + 1;
  const std::string_view line = head.substr(0, size);
  head.remove_prefix(size);
  return line;
}

std::string_view without_end(std::string_view line) noexcept {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool has_name(std::string_view line, std::string_view name) noexcept {
  return line.size() > name.size() && line[name.size()] == ':' &&
         core::same_header_name(line.substr(0, name.size()), name);
}

bool says_chunked(std::string_view line) {
  return has_name(line, "transfer-encoding") && core::lower_case(line).find("chunked") != std::string::npos;
}

bool is_chunked(std::string_view head) {
  while (!head.empty()) {
    if (says_chunked(take_line(head))) return true;
  }
  return false;
}

}  // namespace

bool begins_response(std::string_view bytes) noexcept {
  const auto count = std::min(bytes.size(), status_pattern.size());
  return std::equal(
      bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count), status_pattern.begin(),
      [](char c, char expected) { return expected == 'd' ? core::is_digit(c) : c == expected; });
}

std::size_t head_length(std::string_view bytes, std::size_t& scanned) noexcept {
  for (;;) {
    const auto line_end = bytes.find('\n', scanned);
    if (line_end == std::string_view::npos) {
      scanned = bytes.size();
      return 0;
    }
    auto next = line_end + 1;
    if (next < bytes.size() && bytes[next] == '\r') ++next;
    if (next >= bytes.size()) {
      scanned = line_end;  // The next line may be empty.
      return 0;
    }
    if (bytes[next] == '\n') return next + 1;
    scanned = line_end + 1;
  }
}

bool is_strict(std::string_view head) {
  bool has_length = false;
  bool chunked = false;
  for (bool first = true; !head.empty(); first = false) {
    const std::string_view line = take_line(head);
    if (!line.ends_with("\r\n")) return false;
    if (first && without_end(line).size() == status_pattern.size()) return false;
    has_length = has_length || has_name(line, "content-length");
    chunked = chunked || says_chunked(line);
  }
  return !(has_length && chunked);
}

std::string strict_form(std::string_view head) {
  const bool omit_length = is_chunked(head);
  std::string result;
  result.reserve(head.size() + head.size() / 8 + 1);
  const std::string_view status_line = without_end(take_line(head));
  result.append(status_line);
  if (status_line.size() == status_pattern.size()) result += ' ';
  result.append("\r\n");
  while (!head.empty()) {
    const std::string_view line = without_end(take_line(head));
    if (omit_length && has_name(line, "content-length")) continue;
    result.append(line).append("\r\n");
  }
  return result;
}

}  // namespace chroma::transport
