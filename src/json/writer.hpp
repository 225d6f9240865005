#pragma once

#include "core/buffer.hpp"
#include "core/float_environment.hpp"

#include <chroma/export.hpp>

#include <charconv>
#include <concepts>
#include <string_view>

namespace chroma::json {

/// Appends JSON to a buffer. The writer keeps no state about the structure: the caller writes brackets,
/// commas and colons. Strings must be valid UTF-8, which the checks of requests ensure; the writer only
/// escapes characters. While a writer exists, the thread has the default floating-point environment.
class CHROMA_API Writer {
 public:
  explicit Writer(core::Buffer& out) noexcept : out_(out) {}

  /// Appends JSON text unchanged, such as brackets and constant keys.
  void raw(std::string_view json) { out_.append(json); }
  void raw(char c) { out_.push_back(c); }

  /// Appends a string with quotes and escapes.
  void string(std::string_view utf8);

  /// Appends the shortest text that is read as the same value. It always has a '.' or an exponent ("2.0").
  /// NaN and infinities are written as null.
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
