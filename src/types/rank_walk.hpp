#pragma once

#include <chroma/rank.hpp>

#include <cstddef>
#include <variant>
#include <vector>

namespace chroma::detail {

/// Visits a rank expression from left to right without recursion, so that a tree of any depth is safe:
/// `visitor.leaf(float)`, `visitor.leaf(const Knn&)`, and `open(operation)`, `between(operation, index)`,
/// `close(operation)` around and between an operation's operands.
template <class Visitor>
void walk(const RankExpr& root, Visitor& visitor) {
  struct Level {
    const RankOperation* operation;
    std::size_t next;
  };
  std::vector<Level> levels;
  const auto enter = [&](const RankExpr& rank) {
    if (const auto* operation = std::get_if<RankOperation>(&rank.node())) {
      visitor.open(*operation);
      levels.push_back({operation, 0});
    } else if (const auto* knn = std::get_if<Knn>(&rank.node())) {
      visitor.leaf(*knn);
    } else {
      visitor.leaf(*std::get_if<float>(&rank.node()));
    }
  };
  enter(root);
  while (!levels.empty()) {
    auto& level = levels.back();
    if (level.next == level.operation->operands.size()) {
      visitor.close(*level.operation);
      levels.pop_back();
      continue;
    }
    if (level.next != 0) visitor.between(*level.operation, level.next);
    enter(level.operation->operands[level.next++]);
  }
}

}  // namespace chroma::detail
