#pragma once

#include "client/pre_flight.hpp"
#include "transport/http_client.hpp"

#include <utility>

namespace chroma::detail {

/// A Chroma server to which calls can be sent, with everything that belongs to it: its URL, the credentials
/// in that URL, its connections, and its pre-flight response. All copies of a client share their backend.
struct Backend {
  explicit Backend(transport::HttpClient client) : http(std::move(client)) {}

  transport::HttpClient http;
  mutable PreFlight pre_flight;  ///< Thread-safe.
};

}  // namespace chroma::detail
