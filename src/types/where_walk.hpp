#pragma once

#include "types/tree.hpp"

#include <chroma/where.hpp>

namespace chroma::detail {

/// Visits a filter's nodes as `walk_tree` does; documents and comparisons are its leaves.
template <class Visitor>
void walk(const Where& root, Visitor& visitor) {
  walk_tree(root, &CompositeExpression::children, visitor);
}

}  // namespace chroma::detail
