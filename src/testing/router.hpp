#pragma once

#include "testing/fake_chroma.hpp"
#include "testing/http_server.hpp"

#include <map>
#include <string>
#include <vector>

namespace chroma::testing {

/// The operation that a request calls.
struct Route {
  std::string operation;  ///< Its name in the client; empty for an unknown path or method.
  HttpReply (FakeChroma::*handler)(const Call&) = nullptr;
  std::vector<std::string> arguments;        ///< The variable segments of the path, decoded.
  std::map<std::string, std::string> query;  ///< Decoded.
  std::string allowed_methods;               ///< Set if the path is known but does not have the method.
};

[[nodiscard]] Route find_route(const HttpRequest& request);

/// Calls the operation. Converts failures to error responses of the server.
[[nodiscard]] HttpReply run_route(FakeChroma& chroma, const Route& route, const HttpRequest& request);

}  // namespace chroma::testing
