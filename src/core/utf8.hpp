#pragma once

#include <cstddef>
#include <string_view>

namespace chroma::core {

/// True if `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// The longest beginning of `text` of at most `most_bytes` that does not end inside a character. `text` must
/// be valid UTF-8.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t most_bytes) noexcept;

}  // namespace chroma::core
