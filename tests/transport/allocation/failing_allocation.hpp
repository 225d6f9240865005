#pragma once

#include <cstddef>

namespace chroma::test {

/// Which allocations count.
enum class Allocations {
  all,
  without_asio,  ///< Not the memory that Asio itself allocates, for handlers and frames of coroutines.
};

/// From now on the allocation with this number on this thread fails, once; 0 is the next one.
void fail_allocation(std::size_t number, Allocations which) noexcept;

/// No allocation fails any more.
/// @return true if one has failed since `fail_allocation`
bool stop_failing() noexcept;

}  // namespace chroma::test
