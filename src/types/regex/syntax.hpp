#pragma once

#include <string>
#include <string_view>

namespace chroma::detail {

/// What is wrong with a pattern in the syntax of Rust's `regex` crate, in that crate's form (the pattern, a
/// mark below the place, the fault); empty if nothing is. No look-around, no back-references. Names of
/// Unicode properties are left to the server, which has the tables.
[[nodiscard]] std::string regex_fault(std::string_view pattern);

}  // namespace chroma::detail
