#pragma once

#include "is_terminal.hpp"

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A square picture in 17 shades with a caption below it.
struct Picture {
  std::string caption;
  std::span<const float> pixels;
};

/// Prints progress and pictures: with colours and a progress bar on a terminal, as plain lines otherwise. The
/// destructor ends the line of an incomplete progress bar.
class Terminal {
 public:
  Terminal() = default;
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() { end_line(); }

  void progress(std::string_view what, std::size_t done, std::size_t total) {
    if (!interactive_) {
      if (done == total) std::cout << what << ": " << done << " of " << total << std::endl;
      return;
    }
    constexpr std::size_t width = 40;
    const auto filled = done * width / total;
    std::cout << '\r' << std::left << std::setw(8) << what << " [" << std::string(filled, '#')
              << std::string(width - filled, '.') << "] " << done << '/' << total << std::flush;
    open_line_ = true;
    if (done == total) end_line();
  }

  void pictures(const std::vector<Picture>& pictures, std::size_t width) {
    for (std::size_t y = 0; y < width; ++y) {
      for (const auto& picture : pictures) {
        for (std::size_t x = 0; x < width; ++x) std::cout << shade(picture.pixels[y * width + x]);
        std::cout << "   ";
      }
      std::cout << '\n';
    }
    for (const auto& picture : pictures) {
      std::cout << std::left << std::setw(static_cast<int>(2 * width + 3)) << picture.caption;
    }
    std::cout << "\n\n";
  }

  /// Ends the line of an incomplete progress bar.
  void end_line() {
    if (open_line_) std::cout << std::endl;
    open_line_ = false;
  }

 private:
  /// Two characters for each pixel, which are about square together.
  [[nodiscard]] std::string shade(float value) const {
    const auto level = static_cast<std::size_t>(std::clamp(value, 0.0F, 16.0F));
    if (!interactive_) return std::string(2, " .:-=+*#%@@"[level * 10 / 16]);
    // The 24 greys of the 256-colour palette begin at 232.
    return "\x1b[48;5;" + std::to_string(232 + level * 23 / 16) + "m  \x1b[0m";
  }

  bool interactive_ = is_terminal(1);
  bool open_line_ = false;
};
