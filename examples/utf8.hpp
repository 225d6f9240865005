#pragma once

#include <boost/locale/utf.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// The column, from 1 and in bytes, of the first byte that is not valid UTF-8; 0 if there is none.
inline std::size_t invalid_utf8_column(std::string_view text) {
  namespace utf = boost::locale::utf;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at != end) {
    const char* first = at;
    const auto code = utf::utf_traits<char>::decode(at, end);
    if (code == utf::illegal || code == utf::incomplete)
      return static_cast<std::size_t>(first - text.data()) + 1;
  }
  return 0;
}

/// Where the text is not valid UTF-8, for a message; empty if it is valid.
inline std::string utf8_fault(std::string_view text) {
  const std::size_t column = invalid_utf8_column(text);
  if (column == 0) return {};
  return "column " + std::to_string(column) + ": the text is not valid UTF-8";
}
