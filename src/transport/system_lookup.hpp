#pragma once

#include "transport/network_hooks.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace chroma::transport {

/// Looks a name up by the system's resolver on a thread of its own, and calls `found` once on `strand`.
/// Asio's own resolver has one thread for a whole context: a name that hangs would hold up all others there,
/// and the end of the context as well. Lookups of the same name and port that run at the same time share a
/// thread.
/// @throws std::bad_alloc if there is no memory to begin the lookup
/// @return while it exists, `found` may be called; destroying it gives up. The lookup itself cannot be
/// cancelled, so its thread ends when the system responds, whether or not the context still exists.
[[nodiscard]] std::shared_ptr<void> look_up(const boost::asio::any_io_executor& strand,
                                            const std::string& host, std::uint16_t port,
                                            NetworkHooks::Found found);

}  // namespace chroma::transport
