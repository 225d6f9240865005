#include "client/call.hpp"

#include "codec/decode_error.hpp"
#include "core/utf8.hpp"
#include "transport/retry.hpp"

#include <boost/system/system_error.hpp>
#include <spdlog/logger.h>

namespace chroma::detail {
namespace {

// Enough to see what an answer is, too little to fill a disk with vectors.
constexpr std::size_t logged_body_bytes = 1024;

void log_answer(const Logger& logger, Operation operation, const transport::HttpResponse& response) {
  if (!logger || !logger.spdlog()->should_log(spdlog::level::trace)) return;
  const auto body = response.body.view();
  logger.spdlog()->trace("{}: {} with {} bytes: {}", operation.name, response.status, body.size(),
                         body.substr(0, logged_body_bytes));
}

}  // namespace

Call::Call(Operation op, Source client)
    : state(std::move(client)),
      operation(op),
      deadline(transport::deadline_after(state->settings().timeout)) {}

asio::awaitable<transport::HttpResponse> exchange(Call call, Operation operation, std::string target,
                                                  bool has_body, core::Buffer body) {
  const auto& settings = call.state->settings();
  transport::HttpRequest request;
  request.operation = operation.name;
  request.method = operation.method;
  request.target = std::move(target);
  request.headers = settings.headers;
  if (has_body) request.headers.emplace_back("content-type", "application/json");
  request.body = std::make_shared<const core::Buffer>(std::move(body));
  request.read_only = operation.read_only;
  request.answer_status = operation.answer_status;
  transport::CallLimits limits{call.deadline, settings.retry};
  auto response = co_await call.state->connection().transport.send(std::move(request), std::move(limits));
  log_answer(call.state->connection().logger, operation, response);
  co_return response;
}

void require_success(const transport::HttpResponse& response, Operation operation) {
  if (response.status >= 200 && response.status < 300) return;
  auto error = codec::decode_error(response.status, response.body.view());
  error.trace_id = response.header("chroma-trace-id");
  error.retry_after = transport::retry_after(response);
  throw ChromaHttpClientError(std::move(error), std::string(operation.name), response.attempts);
}

void throw_unreadable(const ChromaHttpClientError& error, const transport::HttpResponse& response) {
  const auto* serde = error.get_if<SerdeError>();
  if (serde == nullptr) throw error;
  try {
    static_cast<void>(codec::decode<codec::AnyJson>(response.body.view()));
  } catch (const ChromaHttpClientError&) {
    const auto status = std::to_string(response.status);
    throw ChromaHttpClientError(
        RequestError{Stage::decode, std::make_error_code(std::errc::bad_message),
                     "the answer with status " + status + " is not JSON (" + serde->message +
                         "); is the endpoint really a Chroma server, or does a gateway answer in its place?"},
        {}, response.attempts);
  }
  throw error.with_context({}, response.attempts);
}

void throw_named(std::exception_ptr failure, Operation operation) {
  try {
    const auto error = error_from(std::move(failure));
    if (!error.operation().empty()) throw error;
    throw error.with_context(std::string(operation.name), error.attempts());
  } catch (const boost::system::system_error& error) {
    const RequestError unexpected{Stage::connect, error.code(),
                                  "the call could not be carried out: " + error.code().message()};
    throw ChromaHttpClientError(unexpected, std::string(operation.name));
  }
}

std::string segment(std::string_view field, std::string_view name) {
  if (name.empty()) throw ChromaHttpClientError(ValidationError{"must not be empty", std::string(field)});
  if (!core::is_valid_utf8(name)) {
    throw ChromaHttpClientError(ValidationError{"is not valid UTF-8", std::string(field)});
  }
  return "/" + transport::encode_segment(name);
}

}  // namespace chroma::detail
