#pragma once

#include <cstddef>
#include <cstdint>

/// The cost of a piece of code. It is counted instead of timed, so that it is the same in each run.
namespace counting {

struct Cost {
  std::size_t allocated = 0;  ///< Bytes taken from `operator new`, freed or not.
  std::size_t peak = 0;       ///< The most bytes held at once.
  std::uint64_t steps = 0;    ///< Basic blocks executed in the files that were compiled to count them.
};

/// Counts on this thread from its construction on. Only one object may exist at a time.
class Counter {
 public:
  Counter() noexcept;
  [[nodiscard]] Cost cost() const noexcept;
};

}  // namespace counting
