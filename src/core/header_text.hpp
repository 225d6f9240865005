#pragma once

#include <string>
#include <string_view>

namespace chroma::core {

/// True if the text is a token of RFC 9110, so that it may be the name of a header.
[[nodiscard]] bool is_header_name(std::string_view text) noexcept;

/// True if the text has only visible ASCII, spaces and tabs, as the crate requires of the value of a header.
[[nodiscard]] bool is_header_value(std::string_view text) noexcept;

/// True if the names are equal apart from the case of ASCII letters.
[[nodiscard]] bool same_header_name(std::string_view a, std::string_view b) noexcept;

/// The text with ASCII letters in lower case.
[[nodiscard]] std::string lower_case(std::string_view text);

/// The text for messages: characters other than visible ASCII and spaces become '?'.
[[nodiscard]] std::string printable(std::string_view text);

/// The text without spaces, tabs and line ends at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

}  // namespace chroma::core
