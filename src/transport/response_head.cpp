#include "transport/response_head.hpp"

#include "core/ascii.hpp"
#include "core/header_text.hpp"

#include <algorithm>
#include <utility>

namespace chroma::transport {
namespace {

constexpr std::string_view status_pattern = "HTTP/1.d ddd";

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

/// Takes the first line, with its line end, off a head.
std::string_view take_line(std::string_view& head) noexcept {
  const auto size = std::min(head.find('\n'), head.size() - 1) + 1;
  const std::string_view line = head.substr(0, size);
  head.remove_prefix(size);
  return line;
}

/// Takes the first line and the lines that continue it (RFC 9112, 5.2: obs-fold) off a head.
std::string_view take_field(std::string_view& head) noexcept {
  const std::string_view all = head;
  do {
    take_line(head);
  } while (!head.empty() && is_blank(head.front()));
  return all.substr(0, all.size() - head.size());
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

std::string_view value_of(std::string_view field) noexcept {
  return core::trimmed(field.substr(field.find(':') + 1));
}

/// True if the field is one of those from which Beast learns whether the connection persists, and Beast would
/// refuse its value, because that is no list of tokens.
bool is_bad_connection(std::string_view field) noexcept {
  if (!has_name(field, "connection") && !has_name(field, "proxy-connection")) return false;
  std::string_view list = value_of(field);
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const std::string_view element = core::trimmed(list.substr(0, comma));
    if (!element.empty() && !core::is_header_name(element)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// What a head says about the transfer coding of the body.
struct Coding {
  bool chunked = false;
  std::size_t fields = 0;          ///< Named transfer-encoding.
  std::size_t chunked_fields = 0;  ///< Those among them that say "chunked" and nothing else.

  explicit Coding(std::string_view head) {
    while (!head.empty()) {
      const std::string_view field = take_field(head);
      if (!has_name(field, "transfer-encoding")) continue;
      ++fields;
      chunked = chunked || says_chunked(field);
      if (core::lower_case(value_of(field)) == "chunked") ++chunked_fields;
    }
  }

  /// In all other lists of codings the order matters, so they are left to Beast, which refuses them.
  [[nodiscard]] bool repeats_chunked() const noexcept { return fields > 1 && chunked_fields == fields; }
};

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
  bool has_coding = false;
  for (bool first = true; !head.empty(); first = false) {
    const std::string_view line = take_line(head);
    if (!line.ends_with("\r\n") || is_blank(line.front())) return false;
    if (first && without_end(line).size() == status_pattern.size()) return false;
    if (has_name(line, "transfer-encoding")) {
      if (std::exchange(has_coding, true)) return false;
      chunked = says_chunked(line);
    }
    if (is_bad_connection(line)) return false;
    has_length = has_length || has_name(line, "content-length");
  }
  return !(has_length && chunked);
}

std::string strict_form(std::string_view head) {
  std::string result;
  result.reserve(head.size() + head.size() / 8 + 1);
  const std::string_view status_line = without_end(take_line(head));
  result.append(status_line);
  if (status_line.size() == status_pattern.size()) result += ' ';
  result.append("\r\n");
  const Coding coding(head);
  bool omit_coding = false;
  while (!head.empty()) {
    std::string_view field = take_field(head);
    if (coding.chunked && has_name(field, "content-length")) continue;
    if (coding.repeats_chunked() && has_name(field, "transfer-encoding") &&
        std::exchange(omit_coding, true)) {
      continue;
    }
    if (is_bad_connection(field)) field = "connection: close\r\n";
    while (!field.empty()) result.append(without_end(take_line(field))).append("\r\n");
  }
  return result;
}

}  // namespace chroma::transport
