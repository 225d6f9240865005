#include "embed/onnx/configuration.hpp"
#include "embed/onnx/job.hpp"
#include "embed/onnx/model_files.hpp"
#include "embed/onnx/runtime.hpp"
#include "embed/onnx/session.hpp"
#include "embed/onnx/word_piece.hpp"
#include "embed/onnx/worker.hpp"

#include <chroma/embed/onnx_mini_lm_l6_v2.hpp>

#include <boost/asio/this_coro.hpp>

#include <mutex>
#include <utility>

namespace chroma::embed {

namespace asio = boost::asio;

namespace {

// The limit with which the model was trained, which the Python client applies as well.
constexpr std::size_t most_ids = 256;

onnx::Model open_model(std::shared_ptr<const onnx::Runtime> runtime, const onnx::ModelFiles& files,
                       std::size_t threads) {
  onnx::Model model;
  model.tokenize = [tokenizer = onnx::WordPieceTokenizer(onnx::Vocabulary::read(files.vocabulary))](
                       const std::string& text) { return tokenizer.encode(text, most_ids); };
  model.inference = std::make_unique<onnx::Session>(std::move(runtime), files.model, threads);
  return model;
}

/// The function that all collections of a registry share.
class SharedFunction {
 public:
  explicit SharedFunction(OnnxMiniLmL6V2Options options) : options_(std::move(options)) {}

  std::shared_ptr<const DenseEmbeddingFunction> get() {
    const std::lock_guard lock(mutex_);
    if (!function_) function_ = std::make_shared<const OnnxMiniLmL6V2EmbeddingFunction>(options_);
    return function_;
  }

 private:
  std::mutex mutex_;
  OnnxMiniLmL6V2Options options_;
  std::shared_ptr<const DenseEmbeddingFunction> function_;
};

}  // namespace

OnnxMiniLmL6V2Options::OnnxMiniLmL6V2Options() = default;

struct OnnxMiniLmL6V2EmbeddingFunction::Engine {
  explicit Engine(const OnnxMiniLmL6V2Options& options)
      : worker([files = onnx::find_model_files(options.model_directory),
                runtime = std::make_shared<const onnx::Runtime>(options.runtime_library),
                threads = options.threads] { return open_model(runtime, files, threads); }) {}

  onnx::Worker worker;
};

OnnxMiniLmL6V2EmbeddingFunction::OnnxMiniLmL6V2EmbeddingFunction(OnnxMiniLmL6V2Options options)
    : engine_(std::make_shared<Engine>(options)) {}

asio::awaitable<Embeddings> OnnxMiniLmL6V2EmbeddingFunction::embed_strs(
    std::vector<std::string> texts) const {
  return embed(engine_, std::move(texts));
}

asio::awaitable<Embeddings> OnnxMiniLmL6V2EmbeddingFunction::embed(std::shared_ptr<Engine> engine,
                                                                   std::vector<std::string> texts) {
  if (texts.empty()) co_return Embeddings();
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto job = std::make_shared<onnx::Job>(std::move(texts), executor);
  const onnx::AbandonAtEnd guard(*job);
  engine->worker.submit(job);
  (void)co_await job->wait();
  if (job->failure) std::rethrow_exception(job->failure);
  co_return Embeddings(std::move(job->vectors.values), job->vectors.dimension);
}

std::optional<EmbeddingFunctionConfiguration> OnnxMiniLmL6V2EmbeddingFunction::configuration() const {
  return EmbeddingFunctionConfiguration::known("default", "{}");
}

Registry& add_onnx(Registry& registry, OnnxMiniLmL6V2Options options) {
  const auto shared = std::make_shared<SharedFunction>(std::move(options));
  for (const char* name : {"default", "onnx_mini_lm_l6_v2", "sentence_transformer", "huggingface"}) {
    registry.add_dense(name, [shared](const auto& configuration, const FactoryContext&) {
      onnx::require_mini_lm(configuration);
      return shared->get();
    });
  }
  return registry;
}

}  // namespace chroma::embed
