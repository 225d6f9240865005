#pragma once

#include <iosfwd>

namespace chroma::detail {

/// Digits without an exponent and without a trailing ".0", the shortest that read back as the same value, as
/// the crate displays floats: 1.5, 2, 0.0001.
void display(std::ostream& out, double value);

}  // namespace chroma::detail
