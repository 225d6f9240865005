#include "embed/chroma_cloud/address.hpp"
#include "embed/chroma_cloud/configuration.hpp"
#include "embed/chroma_cloud/wire.hpp"
#include "embed/http/parts.hpp"
#include "embed/http/service.hpp"

#include <chroma/embed/chroma_cloud.hpp>

#include <span>
#include <utility>

namespace chroma::embed {

ChromaCloudQwenOptions::ChromaCloudQwenOptions() {
  instructions.emplace(
      "nl_to_code",
      ChromaCloudQwenInstructions(
          "", "Given a question about coding, retrieval code or passage that can solve user's question"));
}

struct ChromaCloudQwenEmbeddingFunction::State {
  State(asio::any_io_executor executor, ChromaCloudQwenOptions given)
      : options(std::move(given)),
        service(std::make_shared<const Service>(
            std::move(executor), options,
            chroma_cloud::address_of(options, options.model, "chroma_cloud_qwen_embed"))),
        limits(std::make_shared<RequestLimits>(
            options.max_texts > 0 ? options.max_texts : chroma_cloud::most_texts, chroma_cloud::most_bytes)) {
    if (const auto found = options.instructions.find(options.task); found != options.instructions.end()) {
      instructions = found->second;
    }
  }

  using Call = std::shared_ptr<State>;
  static asio::awaitable<Embeddings> embed(Call self, std::vector<std::string> texts, Purpose purpose);
  static asio::awaitable<Embeddings> request(Call self, std::span<const std::string> texts, Purpose purpose,
                                             transport::Clock::time_point deadline);

  const ChromaCloudQwenOptions options;
  const std::shared_ptr<const Service> service;
  const std::shared_ptr<RequestLimits> limits;
  ChromaCloudQwenInstructions instructions;  ///< Of the task.
};

asio::awaitable<Embeddings> ChromaCloudQwenEmbeddingFunction::State::embed(Call self,
                                                                           std::vector<std::string> texts,
                                                                           Purpose purpose) {
  const auto deadline = self->service->deadline();
  const PartsCall<Embeddings>::Request one_request = [=](std::span<const std::string> part) {
    return request(self, part, purpose, deadline);
  };
  co_return co_await embed_texts<Embeddings>(self->service, std::move(texts), one_request, self->limits,
                                             self->options.max_parallel);
}

asio::awaitable<Embeddings> ChromaCloudQwenEmbeddingFunction::State::request(
    Call self, std::span<const std::string> texts, Purpose purpose, transport::Clock::time_point deadline) {
  const auto& given = self->instructions;
  auto body =
      chroma_cloud::write_qwen_request(purpose == Purpose::queries ? given.query : given.documents, texts);
  const auto response = co_await self->service->post(std::string(), std::move(body), deadline);
  co_return self->service->decode(response, chroma_cloud::read_qwen_response);
}

ChromaCloudQwenEmbeddingFunction::ChromaCloudQwenEmbeddingFunction(asio::any_io_executor executor,
                                                                   ChromaCloudQwenOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}

asio::awaitable<Embeddings> ChromaCloudQwenEmbeddingFunction::embed_strs(
    std::vector<std::string> texts) const {
  return State::embed(state_, std::move(texts), Purpose::documents);
}

asio::awaitable<Embeddings> ChromaCloudQwenEmbeddingFunction::embed_query_strs(
    std::vector<std::string> texts) const {
  return State::embed(state_, std::move(texts), Purpose::queries);
}

std::optional<EmbeddingFunctionConfiguration> ChromaCloudQwenEmbeddingFunction::configuration() const {
  return chroma_cloud::write_configuration(state_->options);
}

}  // namespace chroma::embed
