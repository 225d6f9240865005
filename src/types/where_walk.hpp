#pragma once

#include <chroma/where.hpp>

#include <cstddef>
#include <variant>
#include <vector>

namespace chroma::detail {

/// Visits a filter's nodes from left to right without recursion, so that a tree of any depth is safe:
/// `visitor.leaf(expression)` for documents and comparisons, `visitor.open(composite)`, `visitor.between()`
/// and `visitor.close(composite)` around and between a composite's children.
template <class Visitor>
void walk(const Where& root, Visitor& visitor) {
  struct Level {
    const CompositeExpression* composite;
    std::size_t next;
  };
  std::vector<Level> levels;
  auto enter = [&](const Where& where) {
    if (const auto* composite = std::get_if<CompositeExpression>(&where.node())) {
      visitor.open(*composite);
      levels.push_back({composite, 0});
    } else if (const auto* document = std::get_if<DocumentExpression>(&where.node())) {
      visitor.leaf(*document);
    } else {
      visitor.leaf(*std::get_if<MetadataExpression>(&where.node()));
    }
  };
  enter(root);
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.next == level.composite->children.size()) {
      visitor.close(*level.composite);
      levels.pop_back();
      continue;
    }
    if (level.next != 0) visitor.between(*level.composite);
    enter(level.composite->children[level.next++]);
  }
}

}  // namespace chroma::detail
