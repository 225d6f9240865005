#include "core/base64.hpp"

#include "core/base64_encoders.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <climits>

namespace chroma::core {
namespace {

const Base64Encoder& best_encoder() noexcept {
  static const Base64Encoder& best = *std::ranges::find_if(
      base64_encoders(), [](const Base64Encoder& encoder) { return encoder.is_supported(); });
  return best;
}

// The sizes of OpenSSL's functions are of type int, so long inputs are processed in parts: multiples of 3
// bytes or of 4 characters, so that only the last part has padding.
constexpr std::size_t most_bytes = INT_MAX / 8 * 3;
constexpr std::size_t most_characters = INT_MAX / 8 * 4;

}  // namespace

void base64_encode(const Base64Encoder& encoder, const void* bytes, std::size_t size, char* out) {
  const auto* from = static_cast<const unsigned char*>(bytes);
  const std::size_t done = encoder.encode(from, size, out);
  from += done;
  size -= done;
  auto* to = reinterpret_cast<unsigned char*>(out + base64_size(done));
  *to = 0;
  while (size > 0) {
    const auto count = std::min(size, most_bytes);
    to += EVP_EncodeBlock(to, from, static_cast<int>(count));
    from += count;
    size -= count;
  }
}

void base64_encode(const void* bytes, std::size_t size, char* out) {
  base64_encode(best_encoder(), bytes, size, out);
}

std::string base64_encode(std::string_view bytes) {
  std::string text(base64_size(bytes.size()) + 1, '\0');
  base64_encode(bytes.data(), bytes.size(), text.data());
  text.pop_back();
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // OpenSSL reads padding at any position as zeros.
  if (text.substr(0, text.size() - padding).find('=') != std::string_view::npos) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  auto* to = reinterpret_cast<unsigned char*>(bytes.data());
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), most_characters))) {
    const auto count = std::min(text.size(), most_characters);
    const auto* from = reinterpret_cast<const unsigned char*>(text.data());
    const int decoded = EVP_DecodeBlock(to, from, static_cast<int>(count));
    // It passes over blanks at both ends, and then there are fewer bytes.
    if (decoded < 0 || static_cast<std::size_t>(decoded) != count / 4 * 3) return std::nullopt;
    to += decoded;
  }
  // Bits that belong to no byte must be zeros, so that there is one text for the same bytes.
  for (std::size_t i = 0; i < padding; ++i) {
    if (bytes.back() != 0) return std::nullopt;
    bytes.pop_back();
  }
  return bytes;
}

}  // namespace chroma::core
