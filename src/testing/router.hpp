#pragma once

#include "testing/fake_chroma.hpp"
#include "testing/http_server.hpp"

#include <map>
#include <string>
#include <vector>

namespace chroma::testing {

/// Where a request goes.
struct Route {
  std::string operation;  ///< As the client names it; empty for an unknown path or method.
  HttpReply (FakeChroma::*handler)(const Call&) = nullptr;
  std::vector<std::string> arguments;        ///< The variable segments of the path, decoded.
  std::map<std::string, std::string> query;  ///< Decoded.
  std::string allowed_methods;               ///< Of a known path that the method does not belong to.
};

[[nodiscard]] Route find_route(const HttpRequest& request);

/// Calls the operation; failures become the server's error responses.
[[nodiscard]] HttpReply run_route(FakeChroma& chroma, const Route& route, const HttpRequest& request);

}  // namespace chroma::testing
