#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace digits {

constexpr std::size_t width = 8;
constexpr std::size_t pixels = width * width;

/// The pixels of all pictures, one picture after the other, and the digit that each shows.
struct Digits {
  std::vector<float> values;
  std::vector<std::int64_t> labels;

  [[nodiscard]] std::span<const float> row(std::size_t index) const {
    return {&values[index * pixels], pixels};
  }
};

/// Reads a CSV file: 64 pixels from 0 to 16 and the digit on each line.
/// @throws std::runtime_error, which names the file and the line
inline Digits read(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot open " + file);
  Digits digits;
  std::string line;
  while (std::getline(in, line)) {
    const char* at = line.data();
    const char* end = line.data() + line.size();
    int number = 0;
    for (std::size_t column = 0; column <= pixels; ++column) {
      const auto parsed = std::from_chars(at, end, number);
      if (parsed.ec != std::errc()) {
        throw std::runtime_error(file + ":" + std::to_string(digits.labels.size() + 1) +
                                 ": expected 65 numbers");
      }
      at = parsed.ptr == end ? end : parsed.ptr + 1;
      if (column < pixels) digits.values.push_back(static_cast<float>(number));
    }
    digits.labels.push_back(number);
  }
  return digits;
}

}  // namespace digits
