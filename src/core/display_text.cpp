#include "core/display_text.hpp"

#include "core/utf8.hpp"

#include <algorithm>

namespace chroma::core {
namespace {

/// The length that the first byte of a UTF-8 sequence announces; 1 for a byte that begins none.
std::size_t sequence_length(char first) noexcept {
  const auto byte = static_cast<unsigned char>(first);
  if (byte >= 0xF0) return 4;
  if (byte >= 0xE0) return 3;
  return byte >= 0xC0 ? 2 : 1;
}

/// C0 and C1 controls, DEL, and the line and paragraph separators, which some log viewers break lines at.
bool is_control(std::string_view sequence) noexcept {
  const auto byte = static_cast<unsigned char>(sequence.front());
  if (sequence.size() == 1) return byte < 0x20 || byte == 0x7F;
  const auto second = static_cast<unsigned char>(sequence[1]);
  return (byte == 0xC2 && second < 0xA0) || sequence == "\xE2\x80\xA8" || sequence == "\xE2\x80\xA9";
}

}  // namespace

std::string display_text(std::string_view text, std::size_t most_bytes) {
  std::string result;
  result.reserve(std::min(text.size(), most_bytes) + 3);
  for (std::size_t at = 0; at < text.size();) {
    auto sequence = text.substr(at, sequence_length(text[at]));
    if (!is_valid_utf8(sequence)) sequence = text.substr(at, 1);
    const bool shown = is_valid_utf8(sequence) && !is_control(sequence);
    if (result.size() + (shown ? sequence.size() : 1) > most_bytes) return result += "...";
    shown ? result.append(sequence) : result.append(1, '?');
    at += sequence.size();
  }
  return result;
}

}  // namespace chroma::core
