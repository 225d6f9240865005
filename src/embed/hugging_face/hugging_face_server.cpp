#include "embed/hugging_face/configuration.hpp"
#include "embed/hugging_face/permits.hpp"
#include "embed/hugging_face/server.hpp"
#include "embed/hugging_face/wire.hpp"

#include <chroma/embed/hugging_face_server.hpp>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

namespace chroma::embed {
namespace {

using hugging_face::Permits;
using hugging_face::Server;

/// How much of the first call's time the request for the limits may take.
constexpr std::chrono::milliseconds most_wait_for_limits(5000);

/// How the requests of a kind of vector are written and their responses are read.
template <class Rows>
struct Wire {
  core::Buffer (*write)(const HuggingFaceServerOptions& options, const std::string& prompt_name,
                        std::span<const std::string> texts);
  Rows (*read)(std::string_view body);
};

template <class Rows>
asio::awaitable<Rows> request_tei(std::shared_ptr<Server> server, const Wire<Rows>* wire, Purpose purpose,
                                  std::span<const std::string> texts, transport::Clock::time_point deadline) {
  const auto permits = co_await Permits::take(server->permits(), texts.size(), deadline);
  auto body = wire->write(server->options(), server->prompt_of(purpose), texts);
  const auto response = co_await server->post(std::move(body), deadline);
  co_return server->service()->decode(response, wire->read);
}

/// @param wire of static lifetime
template <class Rows>
asio::awaitable<Rows> embed_by_tei(std::shared_ptr<Server> server, const Wire<Rows>* wire, Purpose purpose,
                                   std::vector<std::string> texts) {
  if (texts.empty()) co_return Rows();
  const auto deadline = server->service()->deadline();
  co_await Server::learn_limits(server, std::min(deadline, transport::deadline_after(most_wait_for_limits)));
  const typename PartsCall<Rows>::Request request = [=](std::span<const std::string> part) {
    return request_tei<Rows>(server, wire, purpose, part, deadline);
  };
  co_return co_await embed_texts<Rows>(server->service(), std::move(texts), request, server->limits(),
                                       server->options().max_parallel);
}

const Wire<Embeddings> dense_wire{hugging_face::write_dense_request, hugging_face::read_dense_response};
const Wire<std::vector<SparseVector>> sparse_wire{hugging_face::write_sparse_request,
                                                  hugging_face::read_sparse_response};

}  // namespace

struct HuggingFaceServerEmbeddingFunction::State {
  std::shared_ptr<Server> server;
};

HuggingFaceServerEmbeddingFunction::HuggingFaceServerEmbeddingFunction(asio::any_io_executor executor,
                                                                       HuggingFaceServerOptions options)
    : state_(std::make_shared<State>(
          State{std::make_shared<Server>(std::move(executor), std::move(options), "/embed")})) {}

asio::awaitable<Embeddings> HuggingFaceServerEmbeddingFunction::embed_strs(
    std::vector<std::string> texts) const {
  return embed_by_tei(state_->server, &dense_wire, Purpose::documents, std::move(texts));
}

asio::awaitable<Embeddings> HuggingFaceServerEmbeddingFunction::embed_query_strs(
    std::vector<std::string> texts) const {
  return embed_by_tei(state_->server, &dense_wire, Purpose::queries, std::move(texts));
}

std::optional<EmbeddingFunctionConfiguration> HuggingFaceServerEmbeddingFunction::configuration() const {
  return hugging_face::write_configuration(state_->server->options());
}

struct HuggingFaceServerSparseEmbeddingFunction::State {
  std::shared_ptr<Server> server;
};

HuggingFaceServerSparseEmbeddingFunction::HuggingFaceServerSparseEmbeddingFunction(
    asio::any_io_executor executor, HuggingFaceServerOptions options)
    : state_(std::make_shared<State>(
          State{std::make_shared<Server>(std::move(executor), std::move(options), "/embed_sparse")})) {}

asio::awaitable<std::vector<SparseVector>> HuggingFaceServerSparseEmbeddingFunction::embed_strs(
    std::vector<std::string> texts) const {
  return embed_by_tei(state_->server, &sparse_wire, Purpose::documents, std::move(texts));
}

asio::awaitable<std::vector<SparseVector>> HuggingFaceServerSparseEmbeddingFunction::embed_query_strs(
    std::vector<std::string> texts) const {
  return embed_by_tei(state_->server, &sparse_wire, Purpose::queries, std::move(texts));
}

}  // namespace chroma::embed
