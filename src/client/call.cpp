#include "client/call.hpp"

#include "codec/decode_error.hpp"
#include "core/display_text.hpp"
#include "core/log.hpp"
#include "embed/http/secrets.hpp"
#include "transport/proxy.hpp"
#include "transport/retry.hpp"
#include "transport/url.hpp"

#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <stdexcept>

namespace chroma::detail {
namespace {

// Only the beginning of a response is logged, because it may be long.
constexpr std::size_t logged_body_bytes = 1024;
// Enough of a body that is not JSON to recognize the kind of server that sent it.
constexpr std::size_t shown_body_bytes = 120;
constexpr std::size_t shown_coding_bytes = 40;

/// What the requests of the client contain and neither errors nor log lines may show.
embed::Secrets secrets_of(const CallSettings& settings) {
  const auto& options = *settings.options;
  embed::Secrets secrets;
  static_cast<void>(secrets.add_headers(settings.headers));
  static_cast<void>(secrets.add_headers(options.default_headers));
  secrets.add_header_value(options.auth_method.value());
  const auto url = transport::parse_url(options.endpoint);
  secrets.add_user(url.user, url.password);
  try {
    const auto proxy = transport::choose_proxy(url.origin, options.proxy,
                                               [](const char* name) { return std::getenv(name); });
    if (proxy) secrets.add_header_value(proxy->authorization);
  } catch (const std::invalid_argument&) {
    // A variable that has been changed since the client was made is not in use.
  }
  return secrets;
}

void log_response(const CallSettings& settings, const Operation& operation,
                  const transport::HttpResponse& response) {
  core::write_log(settings.logger, spdlog::level::trace, [&](spdlog::logger& log) {
    const auto body = response.body.view();
    const auto shown = secrets_of(settings).removed_from(body.substr(0, 8 * logged_body_bytes));
    log.trace("{}: {} with {} bytes: {}", operation.name, response.status, body.size(),
              core::display_text(shown, logged_body_bytes));
  });
}

/// A server, or a gateway in its place, may repeat what the request contains, so that credentials are taken
/// out of responses that become errors.
void hide_credentials(transport::HttpResponse& response, const CallSettings& settings) {
  const bool is_success = response.status >= 200 && response.status < 300;
  const auto body = response.body.view();
  const auto first = body.find_first_not_of(" \t\r\n");
  // A number, true, false and null have no other characters than these.
  const bool may_be_json = first == std::string_view::npos ||
                           std::string_view("{[\"").find(body[first]) != std::string_view::npos ||
                           body.find_first_not_of("+-.0123456789eEtrufalsn \t\r\n") == std::string_view::npos;
  if (is_success && may_be_json) return;
  response.body = core::Buffer(secrets_of(settings).removed_from(body));
}

std::string coded_response(std::string_view coding, int status) {
  return "the response with status " + std::to_string(status) + " has the content coding \"" +
         core::display_text(coding, shown_coding_bytes) +
         "\", although the request accepts none (accept-encoding: identity); configure the proxy in front of "
         "the "
         "server not to compress its responses";
}

}  // namespace

const ClientState& require_client(const std::shared_ptr<const ClientState>& state) {
  if (state) return *state;
  throw ChromaHttpClientError(ValidationError{
      "the client handle is empty, because it has been moved from; assign a client to it first", "client"});
}

Call::Call(const Operation& op, Source client)
    : state(std::move(client)),
      operation(op),
      deadline(transport::deadline_after(require_client(state).settings().timeout)),
      retry(state->settings().retry) {}

void Call::restart_deadline() {
  deadline = transport::deadline_after(state->settings().timeout);
}

asio::awaitable<transport::HttpResponse> exchange(const Call& call, std::string path_and_query,
                                                  SharedBody body) {
  const auto& settings = call.state->settings();
  const auto& backend = call.state->backend();
  transport::HttpRequest request;
  request.operation = call.operation.name;
  request.method = call.operation.method;
  request.target = backend.http.base_path + "/api/v2" + path_and_query;
  request.headers = settings.headers;
  if (body) request.headers.emplace_back("content-type", "application/json");
  request.body = std::move(body);
  request.read_only = call.operation.idempotent;
  request.expected_error_status = call.operation.expected_error_status;
  transport::CallLimits limits{call.deadline, call.retry};
  auto response = co_await backend.http.transport.request(std::move(request), std::move(limits));
  hide_credentials(response, settings);
  log_response(settings, call.operation, response);
  co_return response;
}

void require_success(const transport::HttpResponse& response, const Operation& operation) {
  const auto coding = response.content_coding();
  if (response.status >= 200 && response.status < 300) {
    if (!coding.empty()) {
      throw ChromaHttpClientError(RequestError{Stage::decode, std::make_error_code(std::errc::bad_message),
                                               coded_response(coding, response.status)},
                                  std::string(operation.name), response.attempts);
    }
    return;
  }
  auto error = codec::decode_error(response.status, response.body.view());
  if (!coding.empty()) error.message = coded_response(coding, response.status);
  error.trace_id = response.header("chroma-trace-id");
  // A server whose tracing is off sends an id of zeros, which identifies nothing.
  if (error.trace_id.find_first_not_of('0') == std::string::npos) error.trace_id.clear();
  error.retry_after = transport::retry_after(response);
  throw ChromaHttpClientError(std::move(error), std::string(operation.name), response.attempts);
}

void throw_undecodable(const ChromaHttpClientError& error, const transport::HttpResponse& response) {
  const auto* serde = error.get_if<SerdeError>();
  if (serde == nullptr) throw error;
  try {
    static_cast<void>(codec::decode<json::AnyJson>(response.body.view()));
  } catch (const ChromaHttpClientError&) {
    const auto status = std::to_string(response.status);
    throw ChromaHttpClientError(
        RequestError{Stage::decode, std::make_error_code(std::errc::bad_message),
                     "the response with status " + status + " is not JSON (" + serde->message +
                         "); it begins with \"" + core::display_text(response.body.view(), shown_body_bytes) +
                         "\"; is the endpoint a Chroma server, or does a gateway respond in its place?"},
        {}, response.attempts);
  }
  throw error.with_context({}, response.attempts);
}

void throw_with_operation(std::exception_ptr failure, const Operation& operation) {
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

}  // namespace chroma::detail
