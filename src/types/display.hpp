#pragma once

#include <iosfwd>

namespace chroma::detail {

/// Writes a number as the Rust crate displays it: the shortest digits that are read as the same value,
/// without an exponent and without a trailing ".0": 1.5, 2, 0.0001.
void display(std::ostream& out, double value);

}  // namespace chroma::detail
