#include "testing/responses.hpp"

#include "testing/failure.hpp"

#include <charconv>

namespace chroma::testing {

HttpReply json_reply(const Json& body, int status) {
  HttpReply reply;
  reply.status = status;
  reply.body = body.dump();
  return reply;
}

std::optional<std::uint32_t> query_number(const std::map<std::string, std::string>& query,
                                          const std::string& name) {
  const auto found = query.find(name);
  if (found == query.end()) return std::nullopt;
  const auto& text = found->second;
  std::uint32_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) {
    throw Failure(
        400, "Failed to deserialize query string: " + name + ": " +
                 (text.empty() ? "cannot parse integer from empty string" : "invalid digit found in string"));
  }
  return number;
}

}  // namespace chroma::testing
