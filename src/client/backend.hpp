#pragma once

#include "client/pre_flight.hpp"
#include "transport/http_client.hpp"

#include <utility>

namespace chroma::detail {

/// One Chroma server that calls can be sent to, with everything that belongs to it alone: its URL, the
/// credentials in that URL, its connections, and what its pre-flight response said. All copies of a client
/// share their backend.
struct Backend {
  explicit Backend(transport::HttpClient client) : http(std::move(client)) {}

  transport::HttpClient http;
  mutable PreFlight pre_flight;  ///< Thread-safe.
};

}  // namespace chroma::detail
