#pragma once

#include "types/tree.hpp"

#include <chroma/rank.hpp>

#include <utility>
#include <vector>

namespace chroma::detail {

/// Visits a rank expression's nodes as `walk_tree` does; constants and `Knn` are its leaves.
template <class Visitor>
void walk(const RankExpr& root, Visitor& visitor) {
  walk_tree(root, &RankOperation::operands, visitor);
}

/// A copy of the expression in which each `Knn` is replaced by `replace(knn)`, from left to right.
template <class Replace>
[[nodiscard]] RankExpr replace_knn(const RankExpr& root, Replace replace) {
  struct Copier {
    Replace& replace;
    std::vector<std::vector<RankExpr>> levels;  ///< The operands that are complete, of each open operation.

    void leaf(float constant) { levels.back().emplace_back(constant); }
    void leaf(const Knn& knn) { levels.back().emplace_back(replace(knn)); }
    void open(const RankOperation&) { levels.emplace_back(); }
    void between(const RankOperation&) {}
    void close(const RankOperation& operation) {
      RankExpr copy(RankOperation(operation.op, std::move(levels.back())));
      levels.pop_back();
      levels.back().push_back(copy);
    }
  };
  Copier copier{replace, {}};
  copier.levels.emplace_back();
  walk(root, copier);
  return copier.levels.back().back();
}

}  // namespace chroma::detail
