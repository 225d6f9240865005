#pragma once

#include <chroma/chroma.hpp>
#include <chroma/embed/hugging_face_server.hpp>
#include <chroma/embed/ollama.hpp>
#include <chroma/embed/openai.hpp>
#ifdef CHROMA_EXAMPLE_BM25
#include <chroma/embed/bm25.hpp>
#endif
#ifdef CHROMA_EXAMPLE_ONNX
#include <chroma/embed/onnx_mini_lm_l6_v2.hpp>
#endif

#include <boost/asio/any_io_executor.hpp>

#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

/// The embedding functions that search_text offers, and those that import_jsonl can build.
namespace functions {

using Dense = std::shared_ptr<const chroma::embed::DenseEmbeddingFunction>;

/// The environment variable with the key of a server that nobody named, which must not get OpenAI's key.
inline constexpr const char* local_key = "LOCAL_API_KEY";

inline Dense mini_lm([[maybe_unused]] const std::string& model_directory) {
#ifdef CHROMA_EXAMPLE_ONNX
  chroma::embed::OnnxMiniLmL6V2Options options;
  options.model_directory = model_directory;
  return std::make_shared<const chroma::embed::OnnxMiniLmL6V2EmbeddingFunction>(options);
#else
  throw std::runtime_error("this program was built without the component chroma::onnx");
#endif
}

inline Dense openai(const boost::asio::any_io_executor& executor, const std::string& url,
                    const std::string& model, const std::string& key_variable) {
  chroma::embed::OpenAiOptions options;
  options.api_base = url;
  options.model = model;
  options.api_key_env_var = key_variable;
  return std::make_shared<const chroma::embed::OpenAiEmbeddingFunction>(executor, options);
}

inline Dense ollama(const boost::asio::any_io_executor& executor, const std::string& model) {
  chroma::embed::OllamaOptions options;
  if (const char* host = std::getenv("OLLAMA_HOST"); host != nullptr && *host != '\0') options.host = host;
  options.model = model;
  return std::make_shared<const chroma::embed::OllamaEmbeddingFunction>(executor, options);
}

inline Dense tei(const boost::asio::any_io_executor& executor, const std::string& url) {
  chroma::embed::HuggingFaceServerOptions options;
  options.url = url;
  return std::make_shared<const chroma::embed::HuggingFaceServerEmbeddingFunction>(executor, options);
}

/// The settings of the sparse index of a search by words.
inline chroma::SparseVectorIndexConfig bm25() {
#ifdef CHROMA_EXAMPLE_BM25
  chroma::SparseVectorIndexConfig index;
  index.embedding_function = chroma::embed::BM25SparseEmbeddingFunction().configuration();
  index.source_key = "#document";
  index.bm25 = true;
  return index;
#else
  throw std::runtime_error("this program was built without the component chroma::bm25");
#endif
}

/// Lets a client build the functions that collections name.
inline void add_components([[maybe_unused]] chroma::embed::Registry& registry) {
#ifdef CHROMA_EXAMPLE_BM25
  chroma::embed::add_bm25(registry);
#endif
#ifdef CHROMA_EXAMPLE_ONNX
  chroma::embed::add_onnx(registry);
#endif
}

/// For a search by words alone: records must have an embedding, which is the same for all.
inline Dense constant() {
  return chroma::embed::dense([](const std::vector<std::string>& texts) {
    return chroma::Embeddings(std::vector<float>(texts.size(), 1.0F), 1);
  });
}

}  // namespace functions
