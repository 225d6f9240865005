#pragma once

#include "transport/url.hpp"

namespace chroma::transport {

/// http://example.org:8000.
inline Origin origin() {
  Origin result;
  result.host = "example.org";
  result.port = 8000;
  return result;
}

}  // namespace chroma::transport
