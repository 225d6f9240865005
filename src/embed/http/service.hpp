#pragma once

#include "core/buffer.hpp"
#include "embed/http/secrets.hpp"
#include "transport/clock.hpp"
#include "transport/http_client.hpp"

#include <chroma/embed/http_options.hpp>
#include <chroma/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace chroma::embed {

namespace asio = boost::asio;

/// The address of a provider, with the headers and the labels of its requests.
struct ServiceAddress {
  std::string operation;  ///< Label for errors, logs and the observer, for example "openai_embed".
  std::string endpoint;   ///< URL without query; its path is the prefix of all targets.
  Headers headers;        ///< Those that the provider needs, credentials included.
  std::string secret;     ///< The key, which no error may repeat; empty for none.
  /// Returns advice about an error response, which is appended to the provider's message. May be unset.
  std::function<std::string(const EmbeddingFunctionError&)> hint;
};

/// Sends requests to a provider of embeddings, and converts its error responses to errors. Thread-safe.
class Service : public std::enable_shared_from_this<Service> {
 public:
  /// @throws ChromaHttpClientOptionsError
  Service(asio::any_io_executor executor, const HttpEmbeddingOptions& options, ServiceAddress address);
  /// With another transport, for tests. The endpoint may be empty.
  Service(transport::HttpClient http, const HttpEmbeddingOptions& options, ServiceAddress address);

  /// The deadline of a call that starts now.
  [[nodiscard]] transport::Clock::time_point deadline() const { return transport::deadline_after(timeout_); }

  /// Sends JSON and returns the response, whose status is one of success.
  /// @param target is appended to the path of the endpoint
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError for every other status
  [[nodiscard]] asio::awaitable<transport::HttpResponse> post(std::string target, core::Buffer json,
                                                              transport::Clock::time_point deadline) const;
  /// The same without a body and without a second attempt.
  [[nodiscard]] asio::awaitable<transport::HttpResponse> get(std::string target,
                                                             transport::Clock::time_point deadline) const;

  /// Calls `read(response.body.view())`, which throws a SerdeError if the body is not what it expects.
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError, as `unreadable_response` makes it
  template <class Read>
  [[nodiscard]] auto decode(const transport::HttpResponse& response, Read read) const {
    try {
      return read(response.body.view());
    } catch (const ChromaHttpClientError& error) {
      throw_unreadable(response, error);
    }
  }

  /// Throws the failure of a call as ChromaHttpClientError that names the operation. Lack of memory and
  /// mistakes in the program keep their type.
  [[noreturn]] void throw_with_operation(std::exception_ptr failure) const;

 private:
  static asio::awaitable<transport::HttpResponse> send(std::shared_ptr<const Service> self,
                                                       transport::HttpRequest request,
                                                       transport::CallLimits limits);
  void learn_secrets(const HttpEmbeddingOptions& options);
  [[nodiscard]] std::string target_of(std::string target) const;
  [[nodiscard]] EmbeddingFunctionError refusal(const transport::HttpResponse& response) const;
  [[noreturn]] void throw_unreadable(const transport::HttpResponse& response,
                                     const ChromaHttpClientError& error) const;

  transport::HttpClient http_;
  std::chrono::milliseconds timeout_;
  ChromaRetryOptions retry_;
  ServiceAddress address_;
  Secrets secrets_;  ///< The key, and what default headers, the URL and the proxy hold.
  bool sends_credentials_ = false;
};

}  // namespace chroma::embed
