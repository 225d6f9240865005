#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>

namespace chroma::embed {

/// Runs `count` coroutines that `make` starts, on a strand of the caller's executor, until all have ended.
/// The first failure cancels the others and is thrown when they have ended.
/// @param make is called `count` times, on the strand; it keeps alive what the coroutines use
/// @throws boost::system::system_error with operation_aborted when the caller is cancelled; then the
/// coroutines are cancelled as well and end on their own
[[nodiscard]] boost::asio::awaitable<void> run_in_parallel(
    std::size_t count, std::function<boost::asio::awaitable<void>()> make);

}  // namespace chroma::embed
