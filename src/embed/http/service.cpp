// Requests of an embedding function to its provider, on the transport that the client uses.
#include "embed/http/service.hpp"

#include "embed/http/provider_error.hpp"
#include "transport/proxy.hpp"
#include "transport/request_headers.hpp"
#include "transport/url.hpp"

#include <chroma/result.hpp>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace chroma::embed {
namespace {

transport::HttpClientOptions client_options(const HttpEmbeddingOptions& options,
                                            const ServiceAddress& address) {
  if (options.max_parallel == 0) {
    throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::MissingConfiguration,
                                       "Invalid option: max_parallel must be at least 1");
  }
  transport::HttpClientOptions result;
  result.endpoint = address.endpoint;
  result.tls = options.tls;
  result.proxy = options.proxy;
  result.connect_timeout = options.connect_timeout;
  result.request_timeout = options.request_timeout;
  result.retry_options = options.retry_options;
  result.default_headers = address.headers;
  transport::set_headers(result.default_headers, options.default_headers);
  result.observer = options.observer;
  result.logger = options.logger;
  return result;
}

}  // namespace

Service::Service(asio::any_io_executor executor, const HttpEmbeddingOptions& options, ServiceAddress address)
    : http_(transport::make_http_client(std::move(executor), client_options(options, address))),
      timeout_(options.request_timeout),
      retry_(options.retry_options),
      address_(std::move(address)) {
  learn_secrets(options);
}

Service::Service(transport::HttpClient http, const HttpEmbeddingOptions& options, ServiceAddress address)
    : http_(std::move(http)),
      timeout_(options.request_timeout),
      retry_(options.retry_options),
      address_(std::move(address)) {
  learn_secrets(options);
}

void Service::learn_secrets(const HttpEmbeddingOptions& options) {
  secrets_.add(address_.secret);
  sends_credentials_ = secrets_.add_headers(options.default_headers) || !address_.secret.empty();
  if (address_.endpoint.empty()) return;
  const auto url = transport::parse_url(address_.endpoint);
  secrets_.add_user(url.user, url.password);
  sends_credentials_ = sends_credentials_ || !url.user.empty() || !url.password.empty();
  const auto proxy =
      transport::choose_proxy(url.origin, options.proxy, [](const char* name) { return std::getenv(name); });
  if (proxy) secrets_.add_header_value(proxy->authorization);
}

asio::awaitable<transport::HttpResponse> Service::post(std::string target, core::Buffer json,
                                                       transport::Clock::time_point deadline) const {
  transport::HttpRequest request;
  request.method = "POST";
  request.target = target_of(std::move(target));
  request.headers.emplace_back("content-type", "application/json");
  request.body = std::make_shared<const core::Buffer>(std::move(json));
  return send(shared_from_this(), std::move(request), transport::CallLimits{deadline, retry_});
}

asio::awaitable<transport::HttpResponse> Service::get(std::string target,
                                                      transport::Clock::time_point deadline) const {
  transport::HttpRequest request;
  request.method = "GET";
  request.target = target_of(std::move(target));
  transport::CallLimits limits{deadline, retry_};
  limits.retry.max_retries = 0;
  return send(shared_from_this(), std::move(request), std::move(limits));
}

std::string Service::target_of(std::string target) const {
  target.insert(0, http_.base_path);
  return target.empty() ? "/" : target;
}

asio::awaitable<transport::HttpResponse> Service::send(std::shared_ptr<const Service> self,
                                                       transport::HttpRequest request,
                                                       transport::CallLimits limits) {
  request.operation = self->address_.operation;
  request.read_only = true;
  request.retry_rule = is_worth_another_attempt;
  auto response = co_await self->http_.transport.request(std::move(request), std::move(limits));
  if (response.status < 200 || response.status >= 300) {
    throw ChromaHttpClientError(self->refusal(response), self->address_.operation, response.attempts);
  }
  co_return response;
}

EmbeddingFunctionError Service::refusal(const transport::HttpResponse& response) const {
  auto error = provider_error(response, secrets_);
  if (response.status == 401 && !sends_credentials_) error.message += "; no API key was sent";
  if (address_.hint) error.message += address_.hint(error);
  return error;
}

void Service::throw_unreadable(const transport::HttpResponse& response,
                               const ChromaHttpClientError& error) const {
  const auto* serde = error.get_if<SerdeError>();
  if (serde == nullptr) throw error;
  std::string reason = "the response is not of the expected form: " + serde->message;
  if (!serde->path.empty()) reason += " at " + serde->path;
  throw ChromaHttpClientError(unreadable_response(response, reason, secrets_), address_.operation,
                              response.attempts);
}

void Service::throw_with_operation(std::exception_ptr failure) const {
  const auto error = chroma::detail::error_from(std::move(failure));
  if (!error.operation().empty()) throw error;
  throw error.with_context(address_.operation, error.attempts());
}

}  // namespace chroma::embed
