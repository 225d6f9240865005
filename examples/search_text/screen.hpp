#pragma once

#include "../is_terminal.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#ifndef _WIN32
#include <sys/ioctl.h>
#include <unistd.h>
#endif

/// Shows progress and passages: with colours, a progress bar and lines of the terminal's width on a terminal,
/// as plain text otherwise.
class Screen {
 public:
  /// Progress of a task with the rate and the time that is left.
  void progress(std::size_t done, std::size_t total) {
    using Seconds = std::chrono::duration<double>;
    const auto now = std::chrono::steady_clock::now();
    if (begin_ == std::chrono::steady_clock::time_point()) begin_ = now;
    if (!interactive_) {
      if (done == total) std::cout << "indexed " << done << " passages" << std::endl;
      return;
    }
    constexpr std::size_t bar = 30;
    const auto filled = total == 0 ? bar : done * bar / total;
    const double elapsed = std::max(Seconds(now - begin_).count(), 1e-6);
    const double rate = static_cast<double>(done) / elapsed;
    const double left = rate > 0 ? static_cast<double>(total - done) / rate : 0;
    std::cout << "\r\x1b[Kindexing [" << std::string(filled, '#') << std::string(bar - filled, '.') << "] "
              << done << '/' << total << std::fixed << std::setprecision(0) << ", " << rate << "/s, " << left
              << " s left" << std::flush;
    open_line_ = done != total;
    if (!open_line_) std::cout << std::endl;
  }

  /// Ends the line of an incomplete progress bar.
  void end_line() {
    if (open_line_) std::cout << std::endl;
    open_line_ = false;
  }

  void question(std::string_view text) const { std::cout << '\n' << styled("1", std::string(text)) << '\n'; }

  /// A passage that was found.
  /// @param similarity from 0 to 1; negative if it is not known
  void passage(const std::string& place, const std::string& heading, std::string_view text, double similarity,
               const std::set<std::string>& words) const {
    std::cout << '\n' << bar(similarity) << styled("36", place);
    if (!heading.empty()) std::cout << "  " << heading;
    std::cout << '\n';
    std::size_t column = 0;
    std::istringstream in{std::string(text)};
    for (std::string word; in >> word;) {
      const auto size = characters(word);
      if (column != 0 && column + 1 + size > width_) {
        std::cout << '\n';
        column = 0;
      }
      std::cout << (column == 0 ? "  " : " ") << (is_wanted(word, words) ? styled("1;33", word) : word);
      column += (column == 0 ? 2 : 1) + size;
    }
    std::cout << '\n';
  }

  /// The words of a text in lower case; short ones say nothing about its subject.
  static std::set<std::string> words_of(std::string_view text) {
    std::set<std::string> words;
    std::istringstream in{std::string(text)};
    for (std::string word; in >> word;) {
      word = plain(word);
      if (word.size() > 3) words.insert(word);
    }
    return words;
  }

 private:
  static std::size_t terminal_width() {
#ifndef _WIN32
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
#endif
    return 80;
  }

  static std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  }

  /// The word in lower case without punctuation.
  static std::string plain(std::string_view word) {
    std::string letters;
    for (const char c : word) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isalnum(byte) != 0 || byte >= 0x80) letters.push_back(static_cast<char>(std::tolower(byte)));
    }
    return letters;
  }

  /// True if the word begins like a word of the question, so that "retries" is found for "retry".
  static bool is_wanted(const std::string& word, const std::set<std::string>& words) {
    const auto letters = plain(word);
    return std::any_of(words.begin(), words.end(), [&](const std::string& wanted) {
      const auto stem = std::string_view(wanted).substr(0, std::max<std::size_t>(4, wanted.size() - 2));
      return letters.starts_with(stem);
    });
  }

  [[nodiscard]] std::string bar(double similarity) const {
    if (similarity < 0) return {};
    const auto filled = static_cast<std::size_t>(std::clamp(similarity, 0.0, 1.0) * 10 + 0.5);
    std::ostringstream text;
    text << '[' << std::string(filled, '#') << std::string(10 - filled, '.') << "] " << std::fixed
         << std::setprecision(2) << similarity << "  ";
    return styled("32", text.str());
  }

  [[nodiscard]] std::string styled(const char* style, const std::string& text) const {
    return interactive_ ? "\x1b[" + std::string(style) + "m" + text + "\x1b[0m" : text;
  }

  bool interactive_ = is_terminal(1);
  std::size_t width_ = terminal_width();
  bool open_line_ = false;
  std::chrono::steady_clock::time_point begin_;
};
