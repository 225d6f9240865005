#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chroma::core {

/// The number of characters for `bytes` bytes: standard alphabet with padding.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) noexcept {
  return (bytes + 2) / 3 * 4;
}

/// Writes `base64_size(size)` characters and a closing NUL to `out`.
void base64_encode(const void* bytes, std::size_t size, char* out);

[[nodiscard]] std::string base64_encode(std::string_view bytes);

/// The bytes that `text` encodes; nothing if it is not base64 of the standard alphabet with padding.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace chroma::core
