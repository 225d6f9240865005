#pragma once

#include <string>
#include <string_view>

namespace chroma::core {

/// RFC 9110 token: what may name a header.
[[nodiscard]] bool is_header_name(std::string_view text) noexcept;

/// Visible ASCII, blanks and tabs: what a header's value may hold without dispute (the crate's rule).
[[nodiscard]] bool is_header_value(std::string_view text) noexcept;

/// ASCII letters compare in any case.
[[nodiscard]] bool same_header_name(std::string_view a, std::string_view b) noexcept;

/// ASCII letters in lower case, everything else as it is.
[[nodiscard]] std::string lower_case(std::string_view text);

/// For messages: '?' in place of whatever is not visible ASCII or a blank.
[[nodiscard]] std::string printable(std::string_view text);

/// Without blanks, tabs and line ends on either side.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

}  // namespace chroma::core
