#pragma once

#include "core/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Reading a pattern of a regular expression character by character.
namespace chroma::detail {

/// The location of an error: one or more characters of the pattern.
struct PatternSpan {
  std::size_t begin;
  std::size_t end;
};

/// An error in the pattern. Thrown by the cursor and by the classes derived from it.
struct PatternFault {
  PatternSpan span;
  std::string text;
};

inline bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

/// A position in a pattern, with the functions for reading that do not depend on the syntax.
class PatternCursor {
 public:
  explicit PatternCursor(std::string_view pattern) : text_(pattern) {}

 protected:
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] bool looking_at(std::string_view what) const {
    return text_.substr(at_, what.size()) == what;
  }
  [[nodiscard]] std::size_t width_at(std::size_t position) const {
    const auto lead = static_cast<unsigned char>(text_[position]);
    const std::size_t width = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return std::min(width, text_.size() - position);
  }
  bool take(char c) {
    if (peek() != c || at_end()) return false;
    ++at_;
    return true;
  }
  [[noreturn]] void fail(std::size_t begin, std::size_t end, std::string what) const {
    throw PatternFault{{begin, std::max(end, begin + 1)}, std::move(what)};
  }

  /// Reads the current character and returns its code point.
  std::uint32_t literal() {
    const auto width = width_at(at_);
    const auto lead = static_cast<unsigned char>(text_[at_]);
    std::uint32_t code = width == 1 ? lead : lead & (0xFFU >> (width + 1));
    for (std::size_t i = 1; i < width; ++i)
      code = code << 6 | (static_cast<unsigned char>(text_[at_ + i]) & 0x3FU);
    at_ += width;
    return code;
  }

  /// Reads a decimal number; returns nothing if there are no digits.
  std::optional<std::uint64_t> count() {
    const auto begin = at_;
    std::uint64_t value = 0;
    for (; core::is_digit(peek()); ++at_) {
      value = value * 10 + static_cast<std::uint64_t>(peek() - '0');
      if (value > UINT32_MAX) fail(begin, at_ + 1, "decimal literal invalid");
    }
    if (at_ == begin) return std::nullopt;
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace chroma::detail
