#pragma once

#include <string>
#include <string_view>

namespace chroma::detail {

/// Checks a pattern in the syntax of Rust's `regex` crate, which has neither look-around nor back-references.
/// Returns an empty text if the pattern is valid, and otherwise the message of that crate: the pattern, a
/// mark below the location of the error, and the reason. Names of Unicode properties are not checked, because
/// only the server has the tables.
[[nodiscard]] std::string regex_fault(std::string_view pattern);

}  // namespace chroma::detail
