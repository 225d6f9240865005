#include <chroma/embedding_function.hpp>

namespace chroma::embed {

namespace asio = boost::asio;

DenseEmbeddingFunction::~DenseEmbeddingFunction() = default;

asio::awaitable<Embeddings> DenseEmbeddingFunction::embed_query_strs(std::vector<std::string> texts) const {
  return embed_strs(std::move(texts));
}

std::optional<EmbeddingFunctionConfiguration> DenseEmbeddingFunction::configuration() const {
  return std::nullopt;
}

SparseEmbeddingFunction::~SparseEmbeddingFunction() = default;

asio::awaitable<std::vector<SparseVector>> SparseEmbeddingFunction::embed_query_strs(
    std::vector<std::string> texts) const {
  return embed_strs(std::move(texts));
}

std::optional<EmbeddingFunctionConfiguration> SparseEmbeddingFunction::configuration() const {
  return std::nullopt;
}

}  // namespace chroma::embed
