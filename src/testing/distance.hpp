#pragma once

#include <span>
#include <string>

namespace chroma::testing {

/// The distance of two vectors of the same length, as the server computes it: the squared distance for "l2",
/// one minus the cosine for "cosine" (1 for a zero vector), one minus the inner product for "ip".
[[nodiscard]] float distance(const std::string& space, std::span<const float> left,
                             std::span<const float> right);

}  // namespace chroma::testing
