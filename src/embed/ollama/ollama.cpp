#include "embed/http/parts.hpp"
#include "embed/http/service.hpp"
#include "embed/ollama/configuration.hpp"
#include "embed/ollama/wire.hpp"

#include <chroma/embed/ollama.hpp>
#include <chroma/error.hpp>

#include <span>
#include <utility>

namespace chroma::embed {
namespace {

constexpr std::size_t ollama_texts = 32;
constexpr std::size_t ollama_bytes = 4'000'000;
constexpr std::chrono::minutes load_timeout{5};

OllamaOptions checked(OllamaOptions options) {
  if (options.model.empty()) {
    throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::MissingConfiguration,
                                       "Invalid option: Ollama needs a model, for example nomic-embed-text");
  }
  options.host = ollama::server_url(options.host);
  return options;
}

ServiceAddress address_of(const OllamaOptions& options) {
  ServiceAddress address;
  address.operation = "ollama_embed";
  address.endpoint = options.host;
  address.hint = [model = options.model](const EmbeddingFunctionError& error) -> std::string {
    if (error.status == 404 && error.message.find("not found") != std::string::npos) {
      return "; run: ollama pull " + model;
    }
    if (error.message.find("does not support embeddings") != std::string::npos) {
      return "; the model " + model + " only generates text, use one that embeds";
    }
    return {};
  };
  return address;
}

}  // namespace

OllamaOptions::OllamaOptions() {
  request_timeout = load_timeout;
}

struct OllamaEmbeddingFunction::State {
  State(asio::any_io_executor executor, OllamaOptions given)
      : options(checked(std::move(given))),
        service(std::make_shared<const Service>(std::move(executor), options, address_of(options))),
        limits(std::make_shared<RequestLimits>(options.max_texts > 0 ? options.max_texts : ollama_texts,
                                               ollama_bytes)) {}

  using Call = std::shared_ptr<State>;
  static asio::awaitable<Embeddings> embed(Call self, std::vector<std::string> texts);
  static asio::awaitable<Embeddings> request(Call self, std::span<const std::string> texts,
                                             transport::Clock::time_point deadline);

  const OllamaOptions options;
  const std::shared_ptr<const Service> service;
  const std::shared_ptr<RequestLimits> limits;
};

asio::awaitable<Embeddings> OllamaEmbeddingFunction::State::embed(Call self, std::vector<std::string> texts) {
  const auto deadline = self->service->deadline();
  const PartsCall<Embeddings>::Request one_request = [self, deadline](std::span<const std::string> part) {
    return request(self, part, deadline);
  };
  co_return co_await embed_texts<Embeddings>(self->service, std::move(texts), one_request, self->limits,
                                             self->options.max_parallel);
}

asio::awaitable<Embeddings> OllamaEmbeddingFunction::State::request(Call self,
                                                                    std::span<const std::string> texts,
                                                                    transport::Clock::time_point deadline) {
  auto body = ollama::write_request(self->options, texts);
  const auto response = co_await self->service->post("/api/embed", std::move(body), deadline);
  co_return self->service->decode(response, ollama::read_response);
}

OllamaEmbeddingFunction::OllamaEmbeddingFunction(asio::any_io_executor executor, OllamaOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}

asio::awaitable<Embeddings> OllamaEmbeddingFunction::embed_strs(std::vector<std::string> texts) const {
  return State::embed(state_, std::move(texts));
}

std::optional<EmbeddingFunctionConfiguration> OllamaEmbeddingFunction::configuration() const {
  return ollama::write_configuration(state_->options);
}

}  // namespace chroma::embed
