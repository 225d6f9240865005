#pragma once

#include <string_view>

namespace chroma::core {

/// True if `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

}  // namespace chroma::core
