#pragma once

#include "client/fixture.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace chroma::test {

using nlohmann::json;
using Texts = std::vector<std::string>;

/// The calls of an embedding function: the texts of each, with "q:" before those of queries.
class Calls {
 public:
  void add(const Texts& texts, const char* prefix) {
    const std::lock_guard lock(mutex_);
    auto& call = calls_.emplace_back();
    for (const auto& text : texts) call.push_back(prefix + text);
  }
  [[nodiscard]] std::vector<Texts> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(calls_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Texts> calls_;
};

/// The embedding of a text is its length and a number that is 1 for queries. A text "fail" is refused.
class LengthFunction final : public embed::DenseEmbeddingFunction {
 public:
  explicit LengthFunction(std::shared_ptr<Calls> calls, std::string name = {})
      : calls_(std::move(calls)), name_(std::move(name)) {}

  boost::asio::awaitable<Embeddings> embed_strs(Texts texts) const override {
    return embed(calls_, std::move(texts), "", 0.0F);
  }
  boost::asio::awaitable<Embeddings> embed_query_strs(Texts texts) const override {
    return embed(calls_, std::move(texts), "q:", 1.0F);
  }
  [[nodiscard]] std::optional<EmbeddingFunctionConfiguration> configuration() const override {
    if (name_.empty()) return std::nullopt;
    return EmbeddingFunctionConfiguration::known(name_, R"({"size":2})");
  }

 private:
  static boost::asio::awaitable<Embeddings> embed(std::shared_ptr<Calls> calls, Texts texts,
                                                  const char* prefix, float kind) {
    calls->add(texts, prefix);
    std::vector<float> values;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i] == "fail") {
        EmbeddingFunctionError error;
        error.message = "refused";
        error.first_text = i;
        throw ChromaHttpClientError(std::move(error));
      }
      values.push_back(static_cast<float>(texts[i].size()));
      values.push_back(kind);
    }
    co_return Embeddings(std::move(values), 2);
  }

  std::shared_ptr<Calls> calls_;
  std::string name_;
};

/// The sparse vector of a text has its length as the only index.
inline std::shared_ptr<const embed::SparseEmbeddingFunction> length_sparse(
    const std::shared_ptr<Calls>& calls) {
  return embed::sparse([calls](const Texts& texts) {
    calls->add(texts, "");
    std::vector<SparseVector> vectors;
    for (const auto& text : texts) {
      const auto size = static_cast<std::uint32_t>(text.size());
      vectors.push_back(SparseVector(std::vector<std::uint32_t>{size}, std::vector<float>{1.0F}));
    }
    return vectors;
  });
}

/// A mock server, handles of collections that name embedding functions, and a client whose registry builds
/// the functions "length" (dense) and "length_sparse".
class EmbeddingTest : public ClientTest {
 protected:
  [[nodiscard]] ChromaHttpClient embedding_client() {
    auto options = options_for(server);
    options.embedding_encoding = EmbeddingEncoding::Json;
    options.embedding_functions.add_dense("length", [this](const auto&, const auto&) {
      ++built;
      return std::make_shared<const LengthFunction>(calls, "length");
    });
    options.embedding_functions.add_sparse(
        "length_sparse", [this](const auto&, const auto&) { return length_sparse(sparse_calls); });
    return ChromaHttpClient(runtime.executor(), options);
  }
  /// A handle of the collection that the server sends with these members added.
  [[nodiscard]] ChromaCollection handle(const std::string& extra = "") {
    server.respond(Reply(200, collection_json("abc", extra)));
    auto collection = run(embedding_client().get_collection("abc"));
    server.respond(Reply());
    server.forget();
    return collection;
  }
  [[nodiscard]] ChromaCollection handle_with_function() {
    auto collection = handle();
    collection.set_embedding_function(std::make_shared<const LengthFunction>(calls));
    return collection;
  }
  /// A handle of a collection with a sparse index under the key "words" that is filled from `source`.
  [[nodiscard]] ChromaCollection sparse_handle(const std::string& source,
                                               const std::string& function = "length_sparse") {
    return handle(R"(,"schema":{"defaults":{},"keys":{"words":{"sparse_vector":{"sparse_vector_index":{)"
                  R"("enabled":true,"config":{"source_key":")" +
                  source + R"(","embedding_function":{"type":"known","name":")" + function +
                  R"(","config":{}}}}}}}})");
  }
  [[nodiscard]] json sent() {
    const auto body = json::parse(server.only().body);
    server.forget();
    return body;
  }

  std::shared_ptr<Calls> calls = std::make_shared<Calls>();
  std::shared_ptr<Calls> sparse_calls = std::make_shared<Calls>();
  int built = 0;
};

}  // namespace chroma::test
