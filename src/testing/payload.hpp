#pragma once

#include "testing/http_server.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chroma::testing {

using Json = nlohmann::json;

/// The body of a request. @throws Failure with status 415, 400 or 422 if it is not a JSON object
[[nodiscard]] Json parse_body(const HttpRequest& request);

/// @throws Failure with status 422, for JSON of another form than expected
[[noreturn]] void refuse_form(const std::string& path, const std::string& reason);
/// The same for JSON that is not one of the forms of a type of the server.
/// @param type the name of that type, for the error
[[noreturn]] void refuse_variant(const std::string& path, const std::string& type);

/// The member, or nullptr if it is absent or null.
[[nodiscard]] const Json* find_member(const Json& object, const char* name);
/// @throws Failure with status 422 if it is absent
[[nodiscard]] const Json& required_member(const Json& object, const char* name);

/// Read the value of a member; `path` names it in the error. @throws Failure with status 422
[[nodiscard]] std::string read_text(const Json& value, const std::string& path);
[[nodiscard]] bool read_bool(const Json& value, const std::string& path);
[[nodiscard]] std::uint32_t read_u32(const Json& value, const std::string& path);
[[nodiscard]] const Json& read_array(const Json& value, const std::string& path);
[[nodiscard]] const Json& read_object(const Json& value, const std::string& path);
[[nodiscard]] std::vector<std::string> read_texts(const Json& value, const std::string& path);

/// Reads an optional member by one of the functions above.
template <class Read>
[[nodiscard]] auto read_optional(const Json& object, const char* name, Read read)
    -> std::optional<std::decay_t<decltype(read(object, std::string()))>> {
  if (const auto* member = find_member(object, name)) return read(*member, std::string(name));
  return std::nullopt;
}

}  // namespace chroma::testing
