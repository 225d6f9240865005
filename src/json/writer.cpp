#include "json/writer.hpp"

#include "json/number_text.hpp"

#include <array>

namespace chroma::json {
namespace {

// For each byte, the character after the backslash of its escape: 0 if the byte is not escaped, 'u' if the
// escape is written with hexadecimal digits.
constexpr std::array<char, 256> escapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

template <class T>
void append_number(core::Buffer& out, T value) {
  char* begin = out.prepare(max_number_text);
  out.commit(static_cast<std::size_t>(format_number(begin, value) - begin));
}

}  // namespace

void Writer::string(std::string_view utf8) {
  out_.push_back('"');
  std::size_t run = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    auto byte = static_cast<unsigned char>(utf8[i]);
    char escape = escapes[byte];
    if (escape == 0) continue;
    out_.append(utf8.substr(run, i - run));
    run = i + 1;
    out_.push_back('\\');
    out_.push_back(escape);
    if (escape == 'u') {
      constexpr std::string_view hex = "0123456789abcdef";
      const char text[] = {'0', '0', hex[byte >> 4], hex[byte & 0xF]};
      out_.append({text, sizeof text});
    }
  }
  out_.append(utf8.substr(run));
  out_.push_back('"');
}

void Writer::number(float value) {
  append_number(out_, value);
}

void Writer::number(double value) {
  append_number(out_, value);
}

}  // namespace chroma::json
