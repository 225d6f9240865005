#pragma once

#include <boost/regex.hpp>

#include <string>
#include <string_view>

namespace chroma::testing {

/// A regular expression of a filter, in Rust's syntax, evaluated by Boost.Regex: it does not recurse, so that
/// a long document cannot overflow the stack as it does with libstdc++'s std::regex.
class Pattern {
 public:
  /// @param rust_pattern has passed `Where::parse`
  /// @throws Failure with status 501 for syntax that Boost.Regex does not have
  explicit Pattern(std::string_view rust_pattern);

  /// True if the pattern matches anywhere in the text.
  /// @throws Failure with status 501 if the evaluation needs too many steps
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  boost::basic_regex<wchar_t> regex_;
};

}  // namespace chroma::testing
