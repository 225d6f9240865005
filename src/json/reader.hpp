#pragma once

#include "core/float_environment.hpp"

#include <chroma/export.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::json {

/// The first position in [p, end) that is not JSON white space.
[[nodiscard]] inline const char* skip_space(const char* p, const char* end) noexcept {
  while (p != end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')) ++p;
  return p;
}

/// A strict pull parser over one JSON text (RFC 8259): the caller requests the type that it expects, and any
/// error is a `ChromaHttpClientError` of kind `SerdeError` with the location. It copies only strings, and it
/// checks the whole text, including skipped values: grammar, escapes, lone surrogates, UTF-8, depth.
/// Duplicate keys are returned one after the other, so that the last one wins. While a reader lives, the
/// thread has the default floating-point environment.
class CHROMA_API Reader {
 public:
  enum class Kind { null, boolean, number, string, array, object };

  /// The deepest nesting that is accepted, which bounds recursion over values.
  static constexpr int max_depth = 128;
  /// How many bytes `reserve` may reserve for each byte of the text.
  static constexpr std::size_t allowance_per_byte = 4;

  /// `text` must outlive the reader.
  explicit Reader(std::string_view text) noexcept
      : begin_(text.data()),
        at_(text.data()),
        end_(text.data() + text.size()),
        allowance_(text.size() * allowance_per_byte) {}

  /// The kind of the next value.
  [[nodiscard]] Kind peek();

  void begin_object();
  /// Reads the next key of the innermost object. Returns false at the end of the object, and consumes the
  /// end. The key is valid until the next call of this reader.
  [[nodiscard]] bool next_key(std::string_view& key);
  void begin_array();
  /// True if the innermost array has another element. Returns false at the end of the array, and consumes the
  /// end.
  [[nodiscard]] bool next_element();

  /// If the next value is null, consumes it and returns true.
  [[nodiscard]] bool take_null();
  [[nodiscard]] bool boolean();
  /// Reads an integer. A number with a '.' or an exponent, a number out of range and any other value are
  /// errors.
  [[nodiscard]] std::int64_t int64();
  [[nodiscard]] std::uint64_t uint64();
  [[nodiscard]] std::int32_t int32();
  [[nodiscard]] std::uint32_t uint32();
  /// Reads any number that does not round to an infinity.
  [[nodiscard]] double float64();
  [[nodiscard]] float float32();
  /// Consumes the next number if it is an integer of 64 bits; otherwise leaves it for `float64`. "-0" is not
  /// taken as an integer, because an integer does not keep its sign.
  [[nodiscard]] std::optional<std::int64_t> take_int64();
  [[nodiscard]] std::string string();
  /// As `string()`; reuses the memory of `out`.
  void string(std::string& out);

  /// Skips a value and returns its text.
  std::string_view skip();
  /// Throws an error unless only white space follows.
  void finish();

  /// Throws an error with `message` and the JSON pointer of the current value. The pointer is found by
  /// reading the text again, so that it costs nothing when there is no error.
  [[noreturn]] void fail(std::string message) const;
  /// As `fail`, with the JSON pointer of the value at `position`.
  [[noreturn]] void fail_at(const char* position, std::string message) const;

  /// The current position and the end of the text, for loops that read numbers from the text directly.
  [[nodiscard]] const char* cursor() const noexcept { return at_; }
  [[nodiscard]] const char* end() const noexcept { return end_; }
  void seek(const char* position) noexcept { at_ = position; }
  /// Bytes read so far.
  [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  /// Reserves memory for `size` elements in total, or for fewer if the limit of the text is reached: the
  /// memory that is reserved for one text stays below `allowance_per_byte` times its length, whatever sizes
  /// the text claims. The vector can still grow beyond that; reserving only avoids copies.
  template <class T>
  void reserve(std::vector<T>& values, std::size_t size) {
    if (size <= values.capacity()) return;
    const std::size_t granted = std::min(size - values.capacity(), allowance_ / sizeof(T));
    allowance_ -= granted * sizeof(T);
    values.reserve(values.capacity() + granted);
  }

  void skip_space() noexcept { at_ = json::skip_space(at_, end_); }

 private:
  void enter(char bracket, const char* expected);
  bool next(char closing);
  void literal(std::string_view word);
  std::string_view raw_string(bool& escaped);
  void unescape(std::string_view raw, std::string& out) const;
  char32_t unicode_escape(const char*& p, const char* last) const;
  template <class Int>
  Int integer(const char* expected);
  [[noreturn]] void fail_expecting(const char* expected) const;

  const char* begin_;
  const char* at_;
  const char* end_;
  std::size_t allowance_;  // Number of bytes that `reserve` may still reserve.
  int depth_ = 0;
  bool fresh_ = false;  // True after an opening bracket: no comma precedes the first member.
  std::string scratch_;
  core::DefaultFloatEnvironment environment_;
};

/// The JSON pointer of the value at `position` of `text`, which must be well-formed up to that position.
[[nodiscard]] std::string json_pointer(std::string_view text, std::size_t position);

}  // namespace chroma::json
