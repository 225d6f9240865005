#pragma once

#include "core/buffer.hpp"
#include "core/float_environment.hpp"

#include <charconv>
#include <concepts>
#include <string_view>

namespace chroma::json {

/// Appends JSON to a buffer. It holds no state: the caller writes the punctuation. Strings must be valid
/// UTF-8, which validation sees to; they are copied as they are but for the escapes. While a writer lives,
/// the thread has the default floating-point environment.
class Writer {
 public:
  explicit Writer(core::Buffer& out) noexcept : out_(out) {}

  /// JSON text that is appended unchanged: punctuation, constant keys.
  void raw(std::string_view json) { out_.append(json); }
  void raw(char c) { out_.push_back(c); }

  /// Quoted and escaped.
  void string(std::string_view utf8);

  /// Shortest text that reads back as the same value, always a float ("2.0"); null for NaN and infinities.
  void number(float value);
  void number(double value);
  template <std::integral T>
  requires(!std::same_as<T, bool>) void number(T value) {
    constexpr std::size_t longest = 20;
    char* begin = out_.prepare(longest);
    out_.commit(static_cast<std::size_t>(std::to_chars(begin, begin + longest, value).ptr - begin));
  }

  void boolean(bool value) { raw(value ? "true" : "false"); }
  void null() { raw("null"); }

  [[nodiscard]] core::Buffer& buffer() noexcept { return out_; }

 private:
  core::Buffer& out_;
  core::DefaultFloatEnvironment environment_;
};

}  // namespace chroma::json
