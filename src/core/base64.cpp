#include "core/base64.hpp"

#include <algorithm>
#include <climits>

#include <openssl/evp.h>

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

}  // namespace chroma::core
