#pragma once

#include <string>
#include <string_view>

namespace chroma::core {

/// True if the text may be the name of a header: a token of RFC 9110.
[[nodiscard]] bool is_header_name(std::string_view text) noexcept;

/// True if the text may be the value of a header: visible ASCII, spaces and tabs. This is the crate's rule.
[[nodiscard]] bool is_header_value(std::string_view text) noexcept;

/// Compares names of headers, in which ASCII letters match in either case.
[[nodiscard]] bool same_header_name(std::string_view a, std::string_view b) noexcept;

/// For messages: every character that is neither visible ASCII nor a space becomes '?'.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace chroma::core
