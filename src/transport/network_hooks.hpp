#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chroma::transport {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// Name resolution and environment variables, which tests replace.
struct NetworkHooks {
  using Found = std::function<void(boost::system::error_code, Endpoints)>;

  NetworkHooks() = default;

  /// Starts to look up a name. Calls `found` once, on `strand`, after the function has returned. The caller
  /// keeps the returned object until `found` is called, or destroys it before that to cancel the lookup.
  /// Unset: the system's resolver.
  std::function<std::shared_ptr<void>(const boost::asio::any_io_executor& strand, const std::string& host,
                                      std::uint16_t port, Found found)>
      resolve;
  /// nullptr if not set. Unset: std::getenv.
  std::function<const char*(const char* name)> variable;
};

}  // namespace chroma::transport
