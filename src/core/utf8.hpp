#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace chroma::core {

/// True if `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// The longest beginning of `text` of at most `most_bytes` that does not end inside a character. `text` must
/// be valid UTF-8.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t most_bytes) noexcept;

/// True for every byte of a character in UTF-8 but the first.
[[nodiscard]] constexpr bool is_utf8_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// The number of characters in valid UTF-8.
[[nodiscard]] inline std::size_t code_points(std::string_view text) noexcept {
  return text.size() -
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_utf8_continuation));
}

}  // namespace chroma::core
