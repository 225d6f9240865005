#pragma once

#include "types/tree.hpp"

#include <chroma/rank.hpp>

namespace chroma::detail {

/// Visits a rank expression's nodes as `walk_tree` does; constants and `Knn` are its leaves.
template <class Visitor>
void walk(const RankExpr& root, Visitor& visitor) {
  walk_tree(root, &RankOperation::operands, visitor);
}

}  // namespace chroma::detail
