#pragma once

#include "testing/http_server.hpp"
#include "testing/payload.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace chroma::testing {

[[nodiscard]] HttpReply json_reply(const Json& body, int status = 200);

/// Reads a number of the query string. @throws Failure with status 400 if it is not a number
[[nodiscard]] std::optional<std::uint32_t> query_number(const std::map<std::string, std::string>& query,
                                                        const std::string& name);

}  // namespace chroma::testing
