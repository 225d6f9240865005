#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chroma::embed::bm25 {

/// MurmurHash3 (x86, 32 bits) with seed 0.
[[nodiscard]] constexpr std::uint32_t murmur3(std::string_view bytes) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  const auto scramble = [](std::uint32_t block) { return std::rotl(block * 0xCC9E2D51U, 15) * 0x1B873593U; };
  std::uint32_t hash = 0;
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    hash ^= scramble(byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24);
    hash = std::rotl(hash, 13) * 5 + 0xE6546B64U;
  }
  std::uint32_t tail = 0;
  for (std::size_t k = bytes.size(); k > i; --k) tail = tail << 8 | byte(k - 1);
  hash ^= scramble(tail);
  hash ^= static_cast<std::uint32_t>(bytes.size());
  hash = (hash ^ hash >> 16) * 0x85EBCA6BU;
  hash = (hash ^ hash >> 13) * 0xC2B2AE35U;
  return hash ^ hash >> 16;
}

/// The absolute value of the hash taken as a signed number; that of -2^31 is 2^31.
[[nodiscard]] constexpr std::uint32_t murmur3_abs(std::string_view bytes) noexcept {
  const std::uint32_t hash = murmur3(bytes);
  return hash >> 31 == 0 ? hash : 0U - hash;
}

}  // namespace chroma::embed::bm25
