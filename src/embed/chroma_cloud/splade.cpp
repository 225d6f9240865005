#include "embed/chroma_cloud/address.hpp"
#include "embed/chroma_cloud/configuration.hpp"
#include "embed/chroma_cloud/wire.hpp"
#include "embed/http/parts.hpp"
#include "embed/http/service.hpp"

#include <chroma/embed/chroma_cloud.hpp>

#include <span>
#include <utility>

namespace chroma::embed {

struct ChromaCloudSpladeEmbeddingFunction::State {
  State(asio::any_io_executor executor, ChromaCloudSpladeOptions given)
      : options(std::move(given)),
        service(std::make_shared<const Service>(
            std::move(executor), options,
            chroma_cloud::address_of(options, options.model, "chroma_cloud_splade_embed"))),
        limits(std::make_shared<RequestLimits>(
            options.max_texts > 0 ? options.max_texts : chroma_cloud::most_texts, chroma_cloud::most_bytes)) {
  }

  using Rows = std::vector<SparseVector>;
  using Call = std::shared_ptr<State>;
  static asio::awaitable<Rows> embed(Call self, std::vector<std::string> texts);
  static asio::awaitable<Rows> request(Call self, std::span<const std::string> texts,
                                       transport::Clock::time_point deadline);

  const ChromaCloudSpladeOptions options;
  const std::shared_ptr<const Service> service;
  const std::shared_ptr<RequestLimits> limits;
};

asio::awaitable<std::vector<SparseVector>> ChromaCloudSpladeEmbeddingFunction::State::embed(
    Call self, std::vector<std::string> texts) {
  const auto deadline = self->service->deadline();
  const PartsCall<Rows>::Request one_request = [self, deadline](std::span<const std::string> part) {
    return request(self, part, deadline);
  };
  co_return co_await embed_texts<Rows>(self->service, std::move(texts), one_request, self->limits,
                                       self->options.max_parallel);
}

asio::awaitable<std::vector<SparseVector>> ChromaCloudSpladeEmbeddingFunction::State::request(
    Call self, std::span<const std::string> texts, transport::Clock::time_point deadline) {
  const bool include_tokens = self->options.include_tokens;
  auto body = chroma_cloud::write_splade_request(include_tokens, texts);
  const auto response = co_await self->service->post("/embed_sparse", std::move(body), deadline);
  co_return self->service->decode(response, [&](std::string_view text) {
    return chroma_cloud::read_splade_response(text, include_tokens);
  });
}

ChromaCloudSpladeEmbeddingFunction::ChromaCloudSpladeEmbeddingFunction(asio::any_io_executor executor,
                                                                       ChromaCloudSpladeOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}

asio::awaitable<std::vector<SparseVector>> ChromaCloudSpladeEmbeddingFunction::embed_strs(
    std::vector<std::string> texts) const {
  return State::embed(state_, std::move(texts));
}

std::optional<EmbeddingFunctionConfiguration> ChromaCloudSpladeEmbeddingFunction::configuration() const {
  return chroma_cloud::write_configuration(state_->options);
}

}  // namespace chroma::embed
