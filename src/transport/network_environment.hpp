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

/// Functions of the system that tests replace.
struct NetworkEnvironment {
  using Found = std::function<void(boost::system::error_code, Endpoints)>;

  NetworkEnvironment() = default;

  /// Starts to look up a name and calls `found` once, on `strand`, and not before it returns. What it
  /// returns is kept until then or until nobody waits, and destroyed to give up. Unset: the system's
  /// resolver.
  std::function<std::shared_ptr<void>(const boost::asio::any_io_executor& strand, const std::string& host,
                                      std::uint16_t port, Found found)>
      resolve;
  /// nullptr if not set. Unset: std::getenv.
  std::function<const char*(const char* name)> variable;
};

}  // namespace chroma::transport
