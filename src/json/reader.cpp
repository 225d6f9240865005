#include "json/reader.hpp"

#include "core/ascii.hpp"
#include "core/utf8.hpp"
#include "json/number_text.hpp"

#include <chroma/error.hpp>

#include <charconv>
#include <cstring>
#include <type_traits>
#include <utility>

namespace chroma::json {
namespace {

// Finds the bytes of a string that need more than a copy: quotes, backslashes and control characters. Bit 7
// of each such byte is set in the result. Bytes above 0x7F are never marked.
constexpr std::uint64_t special_bytes(std::uint64_t chunk) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highs = 0x8080808080808080;
  auto zero_bytes = [](std::uint64_t x) { return (x - ones) & ~x & highs; };
  std::uint64_t control = (chunk - ones * 0x20) & ~chunk & highs;
  return control | zero_bytes(chunk ^ (ones * '"')) | zero_bytes(chunk ^ (ones * '\\'));
}

std::string describe(char c) {
  auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte < 0x7F) return std::string("'") + c + "'";
  constexpr std::string_view hex = "0123456789abcdef";
  return std::string("byte 0x") + hex[byte >> 4] + hex[byte & 0xF];
}

void append_utf8(std::string& out, char32_t c) {
  auto push = [&out](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xC0 | (c >> 6));
    push(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    push(0xE0 | (c >> 12));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  } else {
    push(0xF0 | (c >> 18));
    push(0x80 | ((c >> 12) & 0x3F));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  }
}

}  // namespace

Reader::Kind Reader::peek() {
  skip_space();
  if (at_ != end_) {
    switch (*at_) {
      case 'n':
        return Kind::null;
      case 't':
      case 'f':
        return Kind::boolean;
      case '"':
        return Kind::string;
      case '[':
        return Kind::array;
      case '{':
        return Kind::object;
      default:
        if (*at_ == '-' || core::is_digit(*at_)) return Kind::number;
    }
  }
  fail_expecting("a value");
}

void Reader::enter(char bracket, const char* expected) {
  skip_space();
  if (at_ == end_ || *at_ != bracket) fail_expecting(expected);
  if (depth_ == max_depth) fail("nested deeper than " + std::to_string(max_depth) + " levels");
  ++depth_;
  ++at_;
  fresh_ = true;
}

// Moves to the next member of the innermost array or object; false at its end.
bool Reader::next(char closing) {
  skip_space();
  bool first = std::exchange(fresh_, false);
  if (at_ != end_ && *at_ == closing) {
    ++at_;
    --depth_;
    return false;
  }
  if (first) return true;
  if (at_ == end_ || *at_ != ',') fail_expecting(closing == ']' ? "',' or ']'" : "',' or '}'");
  ++at_;
  return true;
}

void Reader::begin_object() {
  enter('{', "an object");
}

void Reader::begin_array() {
  enter('[', "an array");
}

bool Reader::next_key(std::string_view& key) {
  if (!next('}')) return false;
  skip_space();
  if (at_ == end_ || *at_ != '"') fail_expecting("a key in quotes");
  bool escaped = false;
  key = raw_string(escaped);
  if (escaped) {
    unescape(key, scratch_);
    key = scratch_;
  }
  skip_space();
  if (at_ == end_ || *at_ != ':') fail_expecting("':'");
  ++at_;
  return true;
}

bool Reader::next_element() {
  return next(']');
}

void Reader::literal(std::string_view word) {
  if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word)) {
    fail_at(at_, "expected '" + std::string(word) + "' (byte " + std::to_string(offset()) + ")");
  }
  at_ += word.size();
}

bool Reader::take_null() {
  skip_space();
  if (at_ == end_ || *at_ != 'n') return false;
  literal("null");
  return true;
}

bool Reader::boolean() {
  if (peek() != Kind::boolean) fail_expecting("a boolean");
  bool value = *at_ == 't';
  literal(value ? "true" : "false");
  return value;
}

template <class Int>
Int Reader::integer(const char* expected) {
  if (peek() != Kind::number) fail_expecting(expected);
  NumberText number = scan_number(at_, end_);
  if (number.end == nullptr) fail_expecting("a number");
  if (!number.integral) fail_expecting(expected);
  // "-0" is also accepted as an unsigned integer.
  const char* first = std::is_unsigned_v<Int> && number.digit_count == 0 && number.negative ? at_ + 1 : at_;
  Int value = 0;
  auto [end, error] = std::from_chars(first, number.end, value);
  if (error != std::errc() || end != number.end) fail_expecting(expected);
  at_ = number.end;
  return value;
}

std::int64_t Reader::int64() {
  return integer<std::int64_t>("an integer of 64 bits");
}
std::uint64_t Reader::uint64() {
  return integer<std::uint64_t>("an unsigned integer of 64 bits");
}
std::int32_t Reader::int32() {
  return integer<std::int32_t>("an integer of 32 bits");
}
std::uint32_t Reader::uint32() {
  return integer<std::uint32_t>("an unsigned integer of 32 bits");
}

std::optional<std::int64_t> Reader::take_int64() {
  if (peek() != Kind::number) return std::nullopt;
  NumberText number = scan_number(at_, end_);
  if (number.end == nullptr) fail_expecting("a number");
  if (!number.integral || (number.negative && number.digit_count == 0)) return std::nullopt;
  std::int64_t value = 0;
  if (std::from_chars(at_, number.end, value).ec != std::errc()) return std::nullopt;
  at_ = number.end;
  return value;
}

double Reader::float64() {
  if (peek() != Kind::number) fail_expecting("a number");
  double value = 0;
  const char* behind = parse_float64(at_, end_, value);
  if (behind == nullptr) fail_expecting("a number within the range of a double");
  at_ = behind;
  return value;
}

float Reader::float32() {
  skip_space();
  float value = 0;
  const char* behind = parse_float32(at_, end_, value);
  if (behind == nullptr) fail_expecting("a number within the range of a 32-bit float");
  at_ = behind;
  return value;
}

// Consumes a string and returns the text between the quotes. The caller checks the escape sequences.
std::string_view Reader::raw_string(bool& escaped) {
  const char* begin = ++at_;
  const char* p = begin;
  unsigned char seen = 0;
  for (;;) {
    std::uint64_t seen8 = 0;
    while (end_ - p >= 8) {
      std::uint64_t chunk;
      std::memcpy(&chunk, p, sizeof chunk);
      if (special_bytes(chunk) != 0) break;
      seen8 |= chunk;
      p += 8;
    }
    if ((seen8 & 0x8080808080808080) != 0) seen = 0x80;
    while (p != end_ && *p != '"' && *p != '\\' && static_cast<unsigned char>(*p) >= 0x20) {
      seen = static_cast<unsigned char>(seen | static_cast<unsigned char>(*p++));
    }
    if (p == end_) fail("the text ends within a string");
    if (*p == '"') break;
    if (*p != '\\') fail_at(p, "unescaped control character in a string: " + describe(*p));
    escaped = true;
    if (end_ - p < 2) fail("the text ends within a string");
    p += 2;
    if (static_cast<unsigned char>(p[-1]) >= 0x80) fail_at(p - 1, "unknown escape in a string");
  }
  std::string_view raw(begin, static_cast<std::size_t>(p - begin));
  if ((seen & 0x80) != 0 && !core::is_valid_utf8(raw)) fail("a string that is not valid UTF-8");
  at_ = p + 1;
  return raw;
}

// Reads the four hexadecimal digits of an escape and, if they are a high surrogate, the escape with the low
// one.
char32_t Reader::unicode_escape(const char*& p, const char* last) const {
  auto four_digits = [&]() -> char32_t {
    unsigned value = 0;
    if (last - p < 4 || std::from_chars(p, p + 4, value, 16).ptr != p + 4) {
      fail_at(p, "\\u without four hexadecimal digits in a string");
    }
    p += 4;
    return value;
  };
  auto is_high = [](char32_t c) { return c >= 0xD800 && c < 0xDC00; };
  auto is_low = [](char32_t c) { return c >= 0xDC00 && c < 0xE000; };
  char32_t c = four_digits();
  if (is_low(c)) fail_at(p, "lone surrogate in a string");
  if (!is_high(c)) return c;
  if (last - p < 2 || p[0] != '\\' || p[1] != 'u') fail_at(p, "lone surrogate in a string");
  p += 2;
  char32_t low = four_digits();
  if (!is_low(low)) fail_at(p, "lone surrogate in a string");
  return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
}

void Reader::unescape(std::string_view raw, std::string& out) const {
  constexpr std::string_view names = "\"\\/bfnrt";
  constexpr std::string_view values = "\"\\/\b\f\n\r\t";
  out.clear();
  out.reserve(raw.size());
  const char* p = raw.data();
  const char* last = p + raw.size();
  while (p != last) {
    const auto* backslash =
        static_cast<const char*>(std::memchr(p, '\\', static_cast<std::size_t>(last - p)));
    if (backslash == nullptr) backslash = last;
    out.append(p, backslash);
    p = backslash;
    if (p == last) break;
    char name = p[1];
    p += 2;
    if (name == 'u') {
      append_utf8(out, unicode_escape(p, last));
    } else if (std::size_t i = names.find(name); i != std::string_view::npos) {
      out.push_back(values[i]);
    } else {
      fail_at(raw.data(), "unknown escape in a string: " + describe(name));
    }
  }
}

void Reader::string(std::string& out) {
  if (peek() != Kind::string) fail_expecting("a string");
  bool escaped = false;
  std::string_view raw = raw_string(escaped);
  if (escaped) {
    unescape(raw, out);
  } else {
    out.assign(raw);
  }
}

std::string Reader::string() {
  std::string value;
  string(value);
  return value;
}

std::string_view Reader::skip() {
  Kind kind = peek();
  const char* begin = at_;
  switch (kind) {
    case Kind::null:
      literal("null");
      break;
    case Kind::boolean:
      literal(*at_ == 't' ? "true" : "false");
      break;
    case Kind::number: {
      NumberText number = scan_number(at_, end_);
      if (number.end == nullptr) fail_expecting("a number");
      at_ = number.end;
      break;
    }
    case Kind::string: {
      bool escaped = false;
      std::string_view raw = raw_string(escaped);
      if (escaped) unescape(raw, scratch_);
      break;
    }
    case Kind::array:
      begin_array();
      while (next_element()) skip();
      break;
    case Kind::object: {
      begin_object();
      std::string_view key;
      while (next_key(key)) skip();
      break;
    }
  }
  return {begin, static_cast<std::size_t>(at_ - begin)};
}

void Reader::finish() {
  skip_space();
  if (at_ != end_) fail_expecting("the end of the text");
}

void Reader::fail(std::string message) const {
  fail_at(at_, std::move(message));
}

void Reader::fail_at(const char* position, std::string message) const {
  const auto offset = static_cast<std::size_t>(position - begin_);
  std::string_view text(begin_, static_cast<std::size_t>(end_ - begin_));
  throw ChromaHttpClientError(SerdeError{std::move(message), json_pointer(text, offset)});
}

// The message names what was found: the kind of a value, a character, or the end of the text.
void Reader::fail_expecting(const char* expected) const {
  std::string found = "the end of the text";
  if (at_ != end_) {
    char c = *at_;
    if (c == '"') {
      found = "a string";
    } else if (c == '[') {
      found = "an array";
    } else if (c == '{') {
      found = "an object";
    } else if (NumberText number = scan_number(at_, end_); number.end != nullptr) {
      constexpr std::ptrdiff_t longest = 40;
      found.assign(at_, number.end - at_ > longest ? at_ + longest : number.end);
    } else if (std::string_view text(at_, static_cast<std::size_t>(end_ - at_));
               text.starts_with("null") || text.starts_with("true") || text.starts_with("false")) {
      found = text.substr(0, c == 'f' ? 5 : 4);
    } else {
      found = describe(c);
    }
  }
  fail(std::string("expected ") + expected + ", found " + found + " (byte " + std::to_string(offset()) + ")");
}

}  // namespace chroma::json
