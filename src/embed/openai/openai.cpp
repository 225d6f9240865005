#include "core/header_text.hpp"
#include "embed/checked.hpp"
#include "embed/http/api_key.hpp"
#include "embed/http/parts.hpp"
#include "embed/http/service.hpp"
#include "embed/openai/configuration.hpp"
#include "embed/openai/wire.hpp"
#include "transport/url.hpp"

#include <chroma/embed/openai.hpp>
#include <chroma/error.hpp>

#include <algorithm>
#include <atomic>
#include <span>
#include <stdexcept>
#include <utility>

namespace chroma::embed {
namespace {

constexpr const char* openai_operation = "openai_embed";
constexpr std::size_t openai_texts = 2048;
// The limit is 300,000 tokens. A token is about four bytes of English and seldom less than two.
constexpr std::size_t openai_bytes = 600'000;

[[noreturn]] void refuse_option(const std::string& message) {
  throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::MissingConfiguration, message);
}

bool is_azure(const OpenAiOptions& options) {
  return !options.deployment_id.empty();
}

/// False for a text that is not a URL, which the constructor of the client refuses.
bool is_public_api(const OpenAiOptions& options) {
  try {
    return !is_azure(options) && transport::parse_url(options.api_base).origin.host == "api.openai.com";
  } catch (const std::invalid_argument&) {
    return false;
  }
}

/// Appends the path `/v1`, which all servers have, to a base URL without a path.
std::string with_version(std::string api_base) {
  while (api_base.ends_with('/')) api_base.pop_back();
  const auto scheme = api_base.find("://");
  if (scheme != std::string::npos && api_base.find('/', scheme + 3) == std::string::npos) api_base += "/v1";
  return api_base;
}

OpenAiOptions checked(OpenAiOptions options) {
  if (options.dimensions && *options.dimensions == 0)
    refuse_option("Invalid option: dimensions must be at least 1");
  if (is_azure(options) != !options.api_version.empty()) {
    refuse_option("Invalid option: Azure needs both deployment_id and api_version");
  }
  if (options.deployment_id == "." || options.deployment_id == "..") {
    refuse_option("Invalid option: deployment_id must not be \"" + options.deployment_id +
                  "\": proxies resolve this path segment, so the request would reach another resource");
  }
  if (is_azure(options)) {
    if (options.api_base == openai::public_api_base) {
      refuse_option("Invalid option: Azure needs the api_base of the resource");
    }
  } else {
    options.api_base = with_version(std::move(options.api_base));
  }
  if (is_public_api(options) && options.model.empty()) {
    refuse_option("Invalid option: OpenAI needs a model, for example text-embedding-3-small");
  }
  return options;
}

// True if the caller has set the header, for example to a token of Microsoft Entra.
bool has_authorization(const Headers& headers) {
  return std::any_of(headers.begin(), headers.end(), [](const auto& header) {
    return core::same_header_name(header.first, "authorization");
  });
}

std::string hint_of_openai(const EmbeddingFunctionError& error) {
  const bool is_llama_cpp = error.message.find("physical batch size") != std::string::npos;
  return is_llama_cpp ? "; llama-server's option -ub sets the size" : "";
}

ServiceAddress address_of(const OpenAiOptions& options) {
  ServiceAddress address;
  address.operation = openai_operation;
  address.endpoint = options.api_base;
  address.hint = hint_of_openai;
  address.secret = find_api_key(options.api_key, options.api_key_env_var);
  if (address.secret.empty() && !has_authorization(options.default_headers) &&
      (is_azure(options) || is_public_api(options))) {
    fail_without_api_key(is_azure(options) ? "Azure OpenAI" : "OpenAI", options.api_key_env_var);
  }
  if (!address.secret.empty()) {
    address.headers.emplace_back(is_azure(options) ? "api-key" : "authorization",
                                 (is_azure(options) ? "" : "Bearer ") + address.secret);
  }
  if (!options.organization.empty()) {
    address.headers.emplace_back("openai-organization", options.organization);
  }
  if (!options.project.empty()) address.headers.emplace_back("openai-project", options.project);
  return address;
}

std::string target_of(const OpenAiOptions& options) {
  if (!is_azure(options)) return "/embeddings";
  return "/openai/deployments/" + transport::encode_segment(options.deployment_id) +
         "/embeddings?api-version=" + transport::encode_query(options.api_version);
}

/// True if the server refuses the member `encoding_format`, with which base64 is requested.
bool refuses_base64(const ChromaHttpClientError& error) {
  const auto* refusal = error.get_if<EmbeddingFunctionError>();
  return refusal != nullptr && (refusal->status == 400 || refusal->status == 422) &&
         refusal->body.find("encoding_format") != std::string::npos;
}

}  // namespace

struct OpenAiEmbeddingFunction::State {
  State(asio::any_io_executor executor, OpenAiOptions given)
      : options(checked(std::move(given))),
        refuses_empty_texts(is_azure(options) || is_public_api(options)),
        target(target_of(options)),
        service(std::make_shared<const Service>(std::move(executor), options, address_of(options))),
        limits(std::make_shared<RequestLimits>(options.max_texts > 0 ? options.max_texts : openai_texts,
                                               openai_bytes)) {}

  using Call = std::shared_ptr<State>;
  static asio::awaitable<Embeddings> embed(Call self, std::vector<std::string> texts);
  static asio::awaitable<Embeddings> request(Call self, std::span<const std::string> texts,
                                             transport::Clock::time_point deadline);
  static asio::awaitable<Embeddings> request_as(Call self, std::span<const std::string> texts, bool base64,
                                                transport::Clock::time_point deadline);

  const OpenAiOptions options;
  const bool refuses_empty_texts;
  const std::string target;
  const std::shared_ptr<const Service> service;
  const std::shared_ptr<RequestLimits> limits;
  std::atomic<bool> numbers_only = false;  ///< The server has refused base64.
};

asio::awaitable<Embeddings> OpenAiEmbeddingFunction::State::embed(Call self, std::vector<std::string> texts) {
  for (std::size_t i = 0; self->refuses_empty_texts && i < texts.size(); ++i) {
    if (!texts[i].empty()) continue;
    throw ChromaHttpClientError(text_error(i, "is empty, which OpenAI refuses"), openai_operation);
  }
  const auto deadline = self->service->deadline();
  const PartsCall<Embeddings>::Request one_request = [self, deadline](std::span<const std::string> part) {
    return request(self, part, deadline);
  };
  co_return co_await embed_texts<Embeddings>(self->service, std::move(texts), one_request, self->limits,
                                             self->options.max_parallel);
}

asio::awaitable<Embeddings> OpenAiEmbeddingFunction::State::request(Call self,
                                                                    std::span<const std::string> texts,
                                                                    transport::Clock::time_point deadline) {
  if (!self->numbers_only) {
    try {
      co_return co_await request_as(self, texts, true, deadline);
    } catch (const ChromaHttpClientError& error) {
      if (!refuses_base64(error)) throw;
    }
    self->numbers_only = true;
  }
  co_return co_await request_as(self, texts, false, deadline);
}

asio::awaitable<Embeddings> OpenAiEmbeddingFunction::State::request_as(
    Call self, std::span<const std::string> texts, bool base64, transport::Clock::time_point deadline) {
  auto body = openai::write_request(self->options, texts, base64);
  const auto response = co_await self->service->post(self->target, std::move(body), deadline);
  co_return self->service->decode(response, openai::read_response);
}

OpenAiEmbeddingFunction::OpenAiEmbeddingFunction(asio::any_io_executor executor, OpenAiOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}

asio::awaitable<Embeddings> OpenAiEmbeddingFunction::embed_strs(std::vector<std::string> texts) const {
  return State::embed(state_, std::move(texts));
}

std::optional<EmbeddingFunctionConfiguration> OpenAiEmbeddingFunction::configuration() const {
  return openai::write_configuration(state_->options);
}

}  // namespace chroma::embed
