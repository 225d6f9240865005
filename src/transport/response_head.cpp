#include "transport/response_head.hpp"

#include "core/header_text.hpp"

#include <algorithm>
#include <vector>

namespace chroma::transport {
namespace {

constexpr std::string_view status_pattern = "HTTP/1.d ddd";

/// A header line, apart into its name and its value. A line without a colon has no name.
struct Field {
  std::string_view name;
  std::string_view value;
};

Field field_of(std::string_view line) noexcept {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {line.substr(0, colon), core::trimmed(line.substr(colon + 1))};
}

std::vector<std::string_view> lines_of(std::string_view head) {
  std::vector<std::string_view> lines;
  while (!head.empty()) {
    const auto end = head.find('\n');
    auto line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

bool is_content_length(const Field& field) noexcept {
  return core::same_header_name(field.name, "content-length");
}

}  // namespace

bool begins_response(std::string_view bytes) noexcept {
  const auto count = std::min(bytes.size(), status_pattern.size());
  return std::equal(
      bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count), status_pattern.begin(),
      [](char c, char expected) { return expected == 'd' ? c >= '0' && c <= '9' : c == expected; });
}

std::size_t head_length(std::string_view bytes, std::size_t& scanned) noexcept {
  while (true) {
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

std::string normalized_head(std::string_view head) {
  const auto lines = lines_of(head);
  const bool has_transfer_encoding = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return core::same_header_name(field_of(line).name, "transfer-encoding");
  });
  std::string result;
  result.reserve(head.size() + 1);
  std::string_view length;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Field field = i == 0 ? Field() : field_of(lines[i]);
    if (is_content_length(field)) {
      if (has_transfer_encoding || (!length.empty() && field.value == length)) continue;
      length = field.value;
    }
    result.append(lines[i]);
    if (i == 0 && lines[i].size() == status_pattern.size()) result += ' ';
    result.append("\r\n");
  }
  return result;
}

}  // namespace chroma::transport
