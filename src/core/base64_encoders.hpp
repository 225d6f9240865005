#pragma once

#include <cstddef>
#include <span>

namespace chroma::core {

/// One way to encode the leading part of some bytes. The library takes the first that the processor has.
struct Base64Encoder {
  const char* name;
  bool (*is_supported)() noexcept;
  /// Encodes groups of three bytes from the front for as long as there is enough to read, writes no more than
  /// their characters, and returns how many bytes these groups had.
  std::size_t (*encode)(const unsigned char* bytes, std::size_t size, char* out) noexcept;
};

/// Those that this program was compiled with, the fastest first. The last one leaves everything to the plain
/// code.
[[nodiscard]] std::span<const Base64Encoder> base64_encoders() noexcept;

/// `base64_encode` with this encoder and the plain code for the rest.
void base64_encode(const Base64Encoder& encoder, const void* bytes, std::size_t size, char* out);

}  // namespace chroma::core
