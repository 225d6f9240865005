#pragma once

// What the command-line tools share: arguments, a status line, texts.

#include "is_terminal.hpp"

#include <charconv>
#include <cstddef>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A line on the terminal that is overwritten. Nothing is written if standard error is not a terminal.
class StatusLine {
 public:
  StatusLine() = default;
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { end(); }

  void show(const std::string& text) {
    if (!interactive_) return;
    std::cerr << '\r' << text << "\x1b[K" << std::flush;
    open_ = true;
  }
  void end() {
    if (std::exchange(open_, false)) std::cerr << std::endl;
  }

 private:
  bool interactive_ = is_terminal(2);
  bool open_ = false;
};

/// The arguments of a program: options as "--name value" and "--name", and others, which keep their order.
class Arguments {
 public:
  Arguments(int count, char** values) : all_(values + 1, values + count) {}

  bool flag(std::string_view name) { return std::erase(all_, name) > 0; }
  std::optional<std::string> value(std::string_view name) {
    for (auto at = all_.begin(); at != all_.end(); ++at) {
      if (*at != name) continue;
      if (at + 1 == all_.end()) throw std::invalid_argument(std::string(name) + " needs a value");
      auto result = *(at + 1);
      all_.erase(at, at + 2);
      return result;
    }
    return std::nullopt;
  }
  std::optional<std::size_t> number(std::string_view name) {
    const auto text = value(name);
    if (!text) return std::nullopt;
    std::size_t result = 0;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), result);
    if (read.ec != std::errc() || read.ptr != text->data() + text->size() || result == 0)
      throw std::invalid_argument(std::string(name) + " needs a number from 1");
    return result;
  }
  /// The other arguments. To be called when all options have been asked for.
  std::vector<std::string> rest(std::size_t least, std::size_t most) {
    if (all_.size() < least || all_.size() > most) throw std::invalid_argument("wrong arguments");
    for (const auto& one : all_) {
      if (one.starts_with("--")) throw std::invalid_argument("unknown option " + one);
    }
    return all_;
  }

 private:
  std::vector<std::string> all_;
};

inline std::string seconds_text(double seconds) {
  const auto whole = static_cast<long>(seconds);
  if (whole < 60) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}
