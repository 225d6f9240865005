#include "embed/bm25/configuration.hpp"
#include "embed/bm25/murmur3.hpp"
#include "embed/bm25/stop_words.hpp"
#include "embed/bm25/tokenizer.hpp"

#include <chroma/embed/bm25.hpp>
#include <chroma/options.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace chroma::embed {

namespace asio = boost::asio;

namespace {

void require(bool holds, const char* message) {
  if (holds) return;
  throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::MissingConfiguration, message);
}

BM25Options checked(BM25Options options) {
  require(std::isfinite(options.k) && options.k >= 0, "k must be a finite number of at least 0");
  require(options.b >= 0 && options.b <= 1, "b must be a number from 0 to 1");
  require(std::isfinite(options.avg_len) && options.avg_len > 0, "avg_len must be a finite number above 0");
  require(options.token_max_length > 0, "token_max_length must be at least 1");
  return options;
}

/// The buffers for encoding one text, which are reused for the next one.
struct Workspace {
  struct Token {
    std::uint32_t hash;
    std::size_t begin;
    std::size_t length;
  };

  bm25::Tokenizer::Workspace tokenizer;
  std::string text;  ///< The tokens, stored one after another.
  std::vector<Token> tokens;
};

}  // namespace

BM25Options::BM25Options() : stop_words(bm25::default_stop_words()) {}

struct BM25SparseEmbeddingFunction::Encoder {
  explicit Encoder(BM25Options given) : options(checked(std::move(given))), tokenizer(options) {}

  [[nodiscard]] SparseVector encode(std::string_view text) const;

  /// A workspace that no other thread uses, given back by `give_back`.
  [[nodiscard]] std::unique_ptr<Workspace> take() const;
  void give_back(std::unique_ptr<Workspace> workspace) const;

  const BM25Options options;
  const bm25::Tokenizer tokenizer;

 private:
  void find_tokens(std::string_view text, Workspace& workspace) const;
  [[nodiscard]] float score(std::size_t frequency, std::size_t length) const;

  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Workspace>> idle_;
};

std::unique_ptr<Workspace> BM25SparseEmbeddingFunction::Encoder::take() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto workspace = std::move(idle_.back());
      idle_.pop_back();
      return workspace;
    }
  }
  return std::make_unique<Workspace>();
}

void BM25SparseEmbeddingFunction::Encoder::give_back(std::unique_ptr<Workspace> workspace) const {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(workspace));
}

void BM25SparseEmbeddingFunction::Encoder::find_tokens(std::string_view text, Workspace& workspace) const {
  workspace.text.clear();
  workspace.tokens.clear();
  tokenizer.tokenize(text, workspace.tokenizer, [&](std::string_view token) {
    workspace.tokens.push_back({bm25::murmur3_abs(token), workspace.text.size(), token.size()});
    workspace.text += token;
  });
}

// In f32 as written; the compiler must not contract it to fused operations (see CMakeLists.txt).
float BM25SparseEmbeddingFunction::Encoder::score(std::size_t frequency, std::size_t length) const {
  const float k = options.k;
  const float b = options.b;
  const auto tf = static_cast<float>(frequency);
  return tf * (k + 1.0F) / (tf + k * (1.0F - b + b * static_cast<float>(length) / options.avg_len));
}

SparseVector BM25SparseEmbeddingFunction::Encoder::encode(std::string_view text) const {
  auto workspace = take();
  find_tokens(text, *workspace);
  auto& tokens = workspace->tokens;
  const auto text_of = [&](const Workspace::Token& token) {
    return std::string_view(workspace->text).substr(token.begin, token.length);
  };
  std::sort(tokens.begin(), tokens.end(), [](const auto& a, const auto& b) { return a.hash < b.hash; });

  std::vector<std::uint32_t> indices;
  std::vector<float> values;
  std::optional<std::vector<std::string>> labels;
  indices.reserve(tokens.size());
  values.reserve(tokens.size());
  if (options.include_tokens) labels.emplace().reserve(tokens.size());
  for (auto group = tokens.begin(); group != tokens.end();) {
    const auto end =
        std::find_if(group, tokens.end(), [&](const auto& other) { return other.hash != group->hash; });
    indices.push_back(group->hash);
    values.push_back(score(static_cast<std::size_t>(end - group), tokens.size()));
    if (labels) {
      const auto smallest =
          std::min_element(group, end, [&](const auto& a, const auto& b) { return text_of(a) < text_of(b); });
      labels->emplace_back(text_of(*smallest));
    }
    group = end;
  }
  give_back(std::move(workspace));
  return SparseVector::unchecked(std::move(indices), std::move(values), std::move(labels));
}

BM25SparseEmbeddingFunction::BM25SparseEmbeddingFunction(BM25Options options)
    : encoder_(std::make_shared<const Encoder>(std::move(options))) {}

BM25SparseEmbeddingFunction BM25SparseEmbeddingFunction::default_murmur3_abs() {
  return BM25SparseEmbeddingFunction(BM25Options());
}

SparseVector BM25SparseEmbeddingFunction::encode(std::string_view text) const {
  return encoder_->encode(text);
}

std::vector<std::string> BM25SparseEmbeddingFunction::tokenize(std::string_view text) const {
  auto workspace = encoder_->take();
  std::vector<std::string> tokens;
  encoder_->tokenizer.tokenize(text, workspace->tokenizer,
                               [&](std::string_view token) { tokens.emplace_back(token); });
  encoder_->give_back(std::move(workspace));
  return tokens;
}

asio::awaitable<std::vector<SparseVector>> BM25SparseEmbeddingFunction::embed_strs(
    std::vector<std::string> texts) const {
  return embed(encoder_, std::move(texts));
}

asio::awaitable<std::vector<SparseVector>> BM25SparseEmbeddingFunction::embed(
    std::shared_ptr<const Encoder> encoder, std::vector<std::string> texts) {
  constexpr std::size_t portion = 16 * 1024;
  const auto executor = co_await asio::this_coro::executor;
  std::vector<SparseVector> vectors;
  vectors.reserve(texts.size());
  std::size_t encoded = 0;
  for (const auto& text : texts) {
    vectors.push_back(encoder->encode(text));
    encoded += text.size();
    if (encoded < portion) continue;
    encoded = 0;
    co_await asio::post(executor, asio::use_awaitable);
  }
  co_return vectors;
}

std::optional<EmbeddingFunctionConfiguration> BM25SparseEmbeddingFunction::configuration() const {
  return bm25::write_configuration(encoder_->options);
}

Registry& add_bm25(Registry& registry) {
  return registry.add_sparse("chroma_bm25", [](const auto& configuration, const FactoryContext&) {
    return std::make_shared<const BM25SparseEmbeddingFunction>(bm25::read_configuration(configuration));
  });
}

const BM25Options& BM25SparseEmbeddingFunction::options() const noexcept {
  return encoder_->options;
}

}  // namespace chroma::embed
