#include "core/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <climits>
#include <cstdint>

namespace chroma::core {

void base64_encode(const void* bytes, std::size_t size, char* out) {
  // OpenSSL counts in int; a multiple of 3 keeps padding to the end.
  constexpr std::size_t step = INT_MAX / 8 * 3;
  const auto* from = static_cast<const unsigned char*>(bytes);
  auto* to = reinterpret_cast<unsigned char*>(out);
  *to = 0;
  while (size > 0) {
    const auto count = std::min(size, step);
    to += EVP_EncodeBlock(to, from, static_cast<int>(count));
    from += count;
    size -= count;
  }
}

std::string base64_encode(std::string_view bytes) {
  std::string text(base64_size(bytes.size()) + 1, '\0');
  base64_encode(bytes.data(), bytes.size(), text.data());
  text.pop_back();
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  if (text.find_first_not_of(alphabet) != std::string_view::npos) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = bits << 6 | static_cast<std::uint32_t>(alphabet.find(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(bits >> held & 0xFF)));
  }
  // What is left over must be the zeros of the padding.
  if ((bits & ((1U << held) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace chroma::core
