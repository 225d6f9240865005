#pragma once

#include <cstddef>
#include <span>

namespace chroma::core {

/// A function that encodes the leading part of some bytes. The library uses the first one that the processor
/// supports.
struct Base64Encoder {
  const char* name;
  bool (*is_supported)() noexcept;
  /// Encodes groups of three bytes from the front as long as there are enough bytes to load, writes only
  /// their characters, and returns the number of bytes in these groups.
  std::size_t (*encode)(const unsigned char* bytes, std::size_t size, char* out) noexcept;
};

/// The functions that this program was compiled with, the fastest first. The last one encodes nothing, so
/// that all is left to the plain code.
[[nodiscard]] std::span<const Base64Encoder> base64_encoders() noexcept;

/// Like `base64_encode` of core/base64.hpp, with this encoder and the plain code for the rest.
void base64_encode(const Base64Encoder& encoder, const void* bytes, std::size_t size, char* out);

}  // namespace chroma::core
