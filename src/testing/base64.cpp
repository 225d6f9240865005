#include "testing/base64.hpp"

#include "testing/failure.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace chroma::testing {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

[[noreturn]] void refuse(const std::string& reason) {
  throw Failure(400, "Invalid base64 string: " + reason);
}

std::vector<std::uint8_t> bytes_of(const std::string& text) {
  const auto length = text.find_last_not_of('=') + 1;  // 0 for a text of nothing but padding.
  std::vector<std::uint8_t> bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const auto digit = alphabet.find(text[i]);
    if (digit == std::string_view::npos) {
      refuse("Invalid symbol " + std::to_string(static_cast<unsigned char>(text[i])) + ", offset " +
             std::to_string(i) + ".");
    }
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> count & 0xFF));
    }
  }
  if (text.size() % 4 != 0 || text.size() - length > 2) refuse("Invalid padding");
  return bytes;
}

}  // namespace

std::vector<float> floats_of_base64(const std::string& text, std::size_t index) {
  const auto bytes = bytes_of(text);
  if (bytes.size() % 4 != 0) {
    throw Failure(400, "Invalid byte length: " + std::to_string(bytes.size()) +
                           " bytes cannot be converted to f32 values (must be divisible by 4)");
  }
  std::vector<float> values;
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t word = 0;
    for (std::size_t byte = 4; byte-- > 0;) word = word << 8 | bytes[i + byte];
    values.push_back(std::bit_cast<float>(word));
    if (!std::isfinite(values.back())) {
      const char* name = std::isnan(values.back()) ? "NaN" : (values.back() > 0 ? "inf" : "-inf");
      throw Failure(400, "Non-finite float value at embedding index " + std::to_string(index) + ": " + name);
    }
  }
  return values;
}

}  // namespace chroma::testing
