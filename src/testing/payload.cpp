#include "testing/payload.hpp"

#include "testing/failure.hpp"

#include <limits>

namespace chroma::testing {
namespace {

std::string element(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

/// A value as the server describes it in errors.
std::string described(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "boolean `" + value.dump() + "`";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return "integer `" + value.dump() + "`";
    case Json::value_t::number_float:
      return "floating point `" + value.dump() + "`";
    case Json::value_t::string:
      return "string " + value.dump();
    case Json::value_t::array:
      return "sequence";
    default:
      return "map";
  }
}

[[noreturn]] void refuse_type(const Json& value, const std::string& path, const char* expected) {
  refuse_form(path, "invalid type: " + described(value) + ", expected " + expected);
}

}  // namespace

Json parse_body(const HttpRequest& request) {
  const auto content_type = request.header("content-type");
  if (!content_type.empty() && content_type.rfind("application/json", 0) != 0) {
    throw Failure(415, "Expected request with `Content-Type: application/json`");
  }
  Json body;
  try {
    body = Json::parse(request.body);
  } catch (const Json::exception& fault) {
    throw Failure(400, std::string("Failed to parse the request body as JSON: ") + fault.what());
  }
  if (!body.is_object()) refuse_type(body, "", "an object");
  return body;
}

void refuse_form(const std::string& path, const std::string& reason) {
  throw Failure(422, "Failed to deserialize the JSON body into the target type: " +
                         (path.empty() ? reason : path + ": " + reason));
}

void refuse_variant(const std::string& path, const std::string& type) {
  refuse_form(path, "data did not match any variant of untagged enum " + type);
}

const Json* find_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const Json& required_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) refuse_form("", std::string("missing field `") + name + "`");
  return *found;
}

std::string read_text(const Json& value, const std::string& path) {
  if (!value.is_string()) refuse_type(value, path, "a string");
  return value.get<std::string>();
}

bool read_bool(const Json& value, const std::string& path) {
  if (!value.is_boolean()) refuse_type(value, path, "a boolean");
  return value.get<bool>();
}

std::uint32_t read_u32(const Json& value, const std::string& path) {
  if (!value.is_number_integer()) refuse_type(value, path, "u32");
  const auto number = value.get<std::int64_t>();
  if (number < 0 || number > std::numeric_limits<std::uint32_t>::max()) {
    refuse_form(path, "invalid value: " + described(value) + ", expected u32");
  }
  return static_cast<std::uint32_t>(number);
}

const Json& read_array(const Json& value, const std::string& path) {
  if (!value.is_array()) refuse_type(value, path, "a sequence");
  return value;
}

const Json& read_object(const Json& value, const std::string& path) {
  if (!value.is_object()) refuse_type(value, path, "a map");
  return value;
}

std::vector<std::string> read_texts(const Json& value, const std::string& path) {
  std::vector<std::string> texts;
  for (const auto& item : read_array(value, path))
    texts.push_back(read_text(item, element(path, texts.size())));
  return texts;
}

}  // namespace chroma::testing
