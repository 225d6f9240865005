#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// Functions for trees whose nodes are shared by the copies of a value: filters and ranks. `tree.node()` is a
/// variant. Its alternative `Inner` has children, which the member pointer `children` selects. None of these
/// functions is recursive, so that deep trees do not overflow the stack.
namespace chroma::detail {

/// Destroys children in a loop instead of recursively: the outermost call of a thread moves the children of
/// destroyed nodes into its own list.
template <class Tree>
void destroy_in_loop(std::vector<Tree> children) {
  thread_local std::vector<std::vector<Tree>>* orphans = nullptr;
  if (children.empty()) return;
  if (orphans != nullptr) {
    orphans->push_back(std::move(children));
    return;
  }
  std::vector<std::vector<Tree>> pending;
  orphans = &pending;
  pending.push_back(std::move(children));
  while (!pending.empty()) {
    auto next = std::move(pending.back());
    pending.pop_back();
    next.clear();
  }
  orphans = nullptr;
}

/// Visits nodes from left to right: calls `visitor.leaf(node)` for nodes without children. For an inner node
/// it calls `visitor.open(inner)` before the children, `visitor.between(inner)` between two children and
/// `visitor.close(inner)` after them.
template <class Inner, class Tree, class Visitor>
void walk_tree(const Tree& root, std::vector<Tree> Inner::*children, Visitor& visitor) {
  struct Level {
    const Inner* inner;
    std::size_t next;
  };
  std::vector<Level> levels;
  const auto enter = [&](const Tree& tree) {
    std::visit(
        [&](const auto& node) {
          if constexpr (std::is_same_v<std::decay_t<decltype(node)>, Inner>) {
            visitor.open(node);
            levels.push_back({&node, 0});
          } else {
            visitor.leaf(node);
          }
        },
        tree.node());
  };
  enter(root);
  while (!levels.empty()) {
    Level& level = levels.back();
    const auto& of = level.inner->*children;
    if (level.next == of.size()) {
      visitor.close(*level.inner);
      levels.pop_back();
      continue;
    }
    if (level.next != 0) visitor.between(*level.inner);
    enter(of[level.next++]);
  }
}

/// True if corresponding nodes are equal; inner nodes are compared by their members `op`.
template <class Inner, class Tree>
[[nodiscard]] bool equal_trees(const Tree& left, const Tree& right, std::vector<Tree> Inner::*children) {
  std::vector<std::pair<const Tree*, const Tree*>> pending{{&left, &right}};
  const auto equal = [&](const auto& x, const auto& other) {
    using Node = std::decay_t<decltype(x)>;
    const auto& y = std::get<Node>(other);
    if constexpr (!std::is_same_v<Node, Inner>) {
      return x == y;
    } else {
      const auto& p = x.*children;
      const auto& q = y.*children;
      if (x.op != y.op || p.size() != q.size()) return false;
      for (std::size_t i = p.size(); i-- > 0;) pending.emplace_back(&p[i], &q[i]);
      return true;
    }
  };
  while (!pending.empty()) {
    const auto& x = pending.back().first->node();
    const auto& y = pending.back().second->node();
    pending.pop_back();
    if (&x == &y) continue;
    if (x.index() != y.index() || !std::visit([&](const auto& node) { return equal(node, y); }, x)) {
      return false;
    }
  }
  return true;
}

}  // namespace chroma::detail
