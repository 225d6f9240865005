// Makes and uses collections with embedding functions; embeddings.py does the same with the Python client.
#include <chroma/chroma.hpp>
#include <chroma/embed/bm25.hpp>
#include <chroma/embed/chroma_cloud.hpp>
#include <chroma/embed/hugging_face_server.hpp>
#include <chroma/embed/ollama.hpp>
#include <chroma/embed/onnx_mini_lm_l6_v2.hpp>
#include <chroma/embed/openai.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace embed = chroma::embed;
using Dense = std::shared_ptr<const embed::DenseEmbeddingFunction>;
using Arguments = std::vector<std::string>;

constexpr const char* key_variable = "CHROMA_INTEROP_API_KEY";

/// A function that is recorded, but that no other client has.
class OwnFunction final : public embed::DenseEmbeddingFunction {
 public:
  boost::asio::awaitable<chroma::Embeddings> embed_strs(std::vector<std::string> texts) const override {
    std::vector<float> values;
    for (const auto& text : texts) values.insert(values.end(), {1, static_cast<float>(text.size())});
    co_return chroma::Embeddings(std::move(values), 2);
  }
  std::optional<chroma::EmbeddingFunctionConfiguration> configuration() const override {
    return chroma::EmbeddingFunctionConfiguration::known("length_of_the_text", "{}");
  }
};

/// @param url of the provider
Dense make_function(const boost::asio::any_io_executor& executor, std::string_view name,
                    const std::string& url) {
  if (name == "openai" || name == "azure") {
    embed::OpenAiOptions options;
    options.api_base = url;
    options.model = "letters";
    options.api_key_env_var = key_variable;
    if (name == "azure") {
      options.deployment_id = "letters";
      options.api_version = "2024-10-21";
    }
    return std::make_shared<const embed::OpenAiEmbeddingFunction>(executor, options);
  }
  if (name == "ollama") {
    embed::OllamaOptions options;
    options.host = url;
    options.model = "letters";
    return std::make_shared<const embed::OllamaEmbeddingFunction>(executor, options);
  }
  if (name == "huggingface_server") {
    embed::HuggingFaceServerOptions options;
    options.url = url;
    options.api_key_env_var = key_variable;
    return std::make_shared<const embed::HuggingFaceServerEmbeddingFunction>(executor, options);
  }
  if (name == "chroma-cloud-qwen") {
    embed::ChromaCloudQwenOptions options;
    options.task = "nl_to_code";
    options.api_key_env_var = key_variable;
    return std::make_shared<const embed::ChromaCloudQwenEmbeddingFunction>(executor, options);
  }
  if (name == "default") return std::make_shared<const embed::OnnxMiniLmL6V2EmbeddingFunction>();
  if (name == "own") return std::make_shared<const OwnFunction>();
  throw std::invalid_argument("no function " + std::string(name));
}

/// A schema with an index of the sparse vectors of a function.
chroma::Schema sparse_schema(const boost::asio::any_io_executor& executor, const std::string& function) {
  chroma::SparseVectorIndexConfig index;
  if (function == "bm25") {
    index.source_key = "#document";
    index.bm25 = true;
    index.embedding_function = embed::BM25SparseEmbeddingFunction().configuration();
  } else {
    embed::ChromaCloudSpladeOptions options;
    options.api_key_env_var = key_variable;
    index.source_key = "title";
    index.embedding_function = embed::ChromaCloudSpladeEmbeddingFunction(executor, options).configuration();
  }
  chroma::Schema schema;
  schema.create_index("words", index);
  return schema;
}

/// Writes the documents with the ids 0, 1 and so on.
void add(chroma::Runtime& runtime, const chroma::ChromaCollection& collection,
         std::span<const std::string> documents) {
  std::vector<std::string> ids;
  std::vector<chroma::Metadata> metadatas;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    ids.push_back(std::to_string(i));
    metadatas.push_back({{"title", documents[i]}});
  }
  chroma::AddRequest request(std::move(ids));
  request.documents(std::vector<std::string>(documents.begin(), documents.end())).metadatas(metadatas);
  runtime.block_on(collection.add(std::move(request)));
}

void run(const Arguments& arguments) {
  const std::string& command = arguments.at(0);
  const std::string& name = arguments.at(2);
  chroma::Runtime runtime;
  auto options = chroma::ChromaHttpClientOptions::local(arguments.at(1));
  embed::add_bm25(options.embedding_functions);
  embed::add_onnx(options.embedding_functions);
  const chroma::ChromaHttpClient client(runtime.executor(), options);
  const std::span<const std::string> rest(arguments.begin() + 3, arguments.end());
  if (command == "create") {
    auto function = make_function(runtime.executor(), rest[0], rest[1]);
    add(runtime,
        runtime.block_on(client.create_collection(name, std::nullopt, std::nullopt, std::move(function))),
        rest.subspan(2));
  } else if (command == "create_sparse") {
    auto schema = sparse_schema(runtime.executor(), rest[0]);
    auto dense = make_function(runtime.executor(), "openai", rest[1]);
    runtime.block_on(client.create_collection(name, std::move(schema), std::nullopt, std::move(dense)));
  } else if (command == "add") {
    add(runtime, runtime.block_on(client.get_collection(name)), rest);
  } else if (command == "query") {
    const auto collection = runtime.block_on(client.get_collection(name));
    const auto found =
        runtime.block_on(collection.query(chroma::QueryRequest().query_texts(rest[0]).n_results(3)));
    for (const auto row : found.rows()) std::cout << row.id << ' ' << *row.distance << '\n';
  } else if (command == "search") {
    const auto collection = runtime.block_on(client.get_collection(name));
    runtime.block_on(
        collection.search(chroma::SearchPayload().rank(chroma::Knn::text(rest[0]).key("words")).limit(3)));
  } else {
    throw std::invalid_argument("no command " + command);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  run(Arguments(argv + 1, argv + argc));
  return EXIT_SUCCESS;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}
