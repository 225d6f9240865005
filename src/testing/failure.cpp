#include "testing/failure.hpp"

#include <nlohmann/json.hpp>

namespace chroma::testing {
namespace {

const char* error_name(int status) {
  switch (status) {
    case 400:
      return "InvalidArgumentError";
    case 404:
      return "NotFoundError";
    case 500:
      return "InternalError";
    default:
      return "ChromaError";
  }
}

}  // namespace

HttpReply empty_reply(int status) {
  HttpReply reply;
  reply.status = status;
  reply.body.clear();
  reply.headers.emplace_back("chroma-trace-id", std::string(32, '0'));
  return reply;
}

HttpReply error_reply(int status, const std::string& message) {
  auto reply = empty_reply(status);
  const nlohmann::ordered_json body = {{"error", error_name(status)}, {"message", message}};
  reply.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return reply;
}

}  // namespace chroma::testing
