#include "testing/pattern.hpp"

#include "testing/failure.hpp"

#include <boost/regex/pending/unicode_iterator.hpp>

#include <array>
#include <cstdint>
#include <locale>
#include <stdexcept>

namespace chroma::testing {
namespace {

/// Converts UTF-8 to wide characters, so that `.` matches a code point. If wchar_t has 16 bits, a character
/// outside of the basic multilingual plane becomes two.
std::wstring widened(std::string_view text) {
  using Utf32 = boost::u8_to_u32_iterator<std::string_view::const_iterator>;
  std::wstring wide;
  wide.reserve(text.size());
  for (Utf32 it(text.begin(), text.begin(), text.end()), end(text.end(), text.begin(), text.end()); it != end;
       ++it) {
    const auto code = static_cast<std::uint32_t>(*it);
    if constexpr (sizeof(wchar_t) == 2) {
      if (code > 0xFFFF) {
        wide += static_cast<wchar_t>(0xD7C0 + (code >> 10));
        wide += static_cast<wchar_t>(0xDC00 + (code & 0x3FF));
        continue;
      }
    }
    wide += static_cast<wchar_t>(code);
  }
  return wide;
}

/// A locale that classifies non-ASCII letters, for `\w` and `(?i)`.
std::locale unicode_locale() {
  try {
    return std::locale("C.UTF-8");
  } catch (const std::runtime_error&) {
    return std::locale::classic();
  }
}

/// Converts named groups, which Rust writes as Python does.
std::string with_perl_groups(std::string_view pattern) {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    result += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      result += pattern[++i];
    } else if (pattern.substr(i, 4) == "(?P<") {
      result += '?';
      i += 2;
    }
  }
  return result;
}

[[noreturn]] void refuse(std::string_view pattern, const std::string& reason) {
  throw Failure(501, "FakeServer cannot evaluate the pattern " + std::string(pattern) + ": " + reason);
}

/// Refuses syntax that has another meaning in Boost.Regex than in Rust.
void require_common_syntax(std::string_view pattern) {
  for (const char* foreign : {"&&", "--", "~~", "(?u", "(?-u", "(?U", "(?R", "\\p", "\\P", "\\b{"}) {
    if (pattern.find(foreign) != std::string_view::npos)
      refuse(pattern, std::string("it contains ") + foreign);
  }
}

}  // namespace

Pattern::Pattern(std::string_view rust_pattern) {
  require_common_syntax(rust_pattern);
  try {
    regex_.imbue(unicode_locale());
    // As in Rust, `^` and `$` match only at the ends of the text unless (?m) is set, and `.` does not match a
    // line feed unless (?s) is set.
    using boost::regex_constants::no_mod_m;
    using boost::regex_constants::no_mod_s;
    using boost::regex_constants::perl;
    regex_.assign(widened(with_perl_groups(rust_pattern)), perl | no_mod_m | no_mod_s);
  } catch (const std::runtime_error& fault) {
    refuse(rust_pattern, fault.what());
  }
}

bool Pattern::matches(std::string_view text) const {
  try {
    return boost::regex_search(widened(text), regex_);
  } catch (const std::runtime_error& fault) {
    throw Failure(501, std::string("FakeServer cannot evaluate a pattern: ") + fault.what());
  }
}

}  // namespace chroma::testing
