#pragma once

#include "client/pre_flight.hpp"
#include "transport/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <utility>

namespace chroma::detail {

/// A Chroma server to which calls can be sent, with everything that belongs to it: its URL, the credentials
/// in that URL, its connections, and its pre-flight response. All copies of a client share their backend.
struct Backend {
  Backend(boost::asio::any_io_executor where, transport::HttpClient client, bool is_cloud)
      : executor(std::move(where)), http(std::move(client)), cloud(is_cloud) {}

  boost::asio::any_io_executor executor;
  transport::HttpClient http;
  bool cloud;                    ///< By the endpoint's host, or by a default header.
  mutable PreFlight pre_flight;  ///< Thread-safe.
};

}  // namespace chroma::detail
