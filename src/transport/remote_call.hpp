#pragma once

#include "transport/http_message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace chroma::transport {

namespace asio = boost::asio;

/// Runs a call on the execution context of its client for a caller on another context. The two contexts may
/// end independently: the caller waits on its own context until the deadline, even if nothing runs the
/// client's, and a response that comes after the caller's context has ended is discarded.
/// @param executor the client's
/// @param call starts the call; its awaitable runs on a strand of the executor
/// @param server for messages
/// @throws what the call throws; ChromaHttpClientError with RequestError: timeout at the deadline, cancelled
/// if the client's context ends first; boost::system::system_error with operation_aborted when the caller is
/// cancelled
[[nodiscard]] asio::awaitable<HttpResponse> call_remotely(asio::any_io_executor executor,
                                                          std::function<asio::awaitable<HttpResponse>()> call,
                                                          Clock::time_point deadline, std::string server);

/// True if both executors belong to the same execution context.
[[nodiscard]] bool share_a_context(const asio::any_io_executor& one, const asio::any_io_executor& other);

}  // namespace chroma::transport
