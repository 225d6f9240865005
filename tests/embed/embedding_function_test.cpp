#include "embed/failures.hpp"
#include "support/run_awaitable.hpp"

#include <chroma/embedding_function.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace chroma;
using test::run_awaitable;
using Texts = std::vector<std::string>;

/// The length of each text and the kind of call.
class Lengths final : public embed::DenseEmbeddingFunction {
 public:
  boost::asio::awaitable<Embeddings> embed_strs(Texts texts) const override { co_return rows(texts, 0); }
  boost::asio::awaitable<Embeddings> embed_query_strs(Texts texts) const override {
    co_return rows(texts, 1);
  }

 private:
  static Embeddings rows(const Texts& texts, float kind) {
    std::vector<std::vector<float>> rows;
    for (const auto& text : texts) rows.push_back({static_cast<float>(text.size()), kind});
    return rows;
  }
};

TEST(DenseEmbeddingFunction, DocumentsAndQueriesMayDiffer) {
  const Lengths function;
  EXPECT_EQ(run_awaitable(function.embed_strs({"a", "bcd"})), Embeddings({{1, 0}, {3, 0}}));
  EXPECT_EQ(run_awaitable(function.embed_query_strs({"a"})), Embeddings({{1, 1}}));
}

TEST(DenseEmbeddingFunction, QueriesAreEmbeddedAsDocumentsUnlessOverridden) {
  const auto function =
      embed::dense([](const Texts& texts) { return Embeddings({{static_cast<float>(texts.size())}}); });
  EXPECT_EQ(run_awaitable(function->embed_query_strs({"a", "b"})), Embeddings({{2}}));
}

TEST(DenseEmbeddingFunction, HasNoConfigurationUnlessOverridden) {
  EXPECT_EQ(Lengths().configuration(), std::nullopt);
}

TEST(Dense, TakesACoroutineThatRefersToItsCaptures) {
  const auto factor = std::make_shared<float>(2.5F);
  auto function = embed::dense([factor](Texts texts) -> boost::asio::awaitable<Embeddings> {
    std::vector<std::vector<float>> rows;
    for (const auto& text : texts) rows.push_back({*factor * static_cast<float>(text.size())});
    co_return Embeddings(std::move(rows));
  });
  auto op = function->embed_strs({"ab"});
  function.reset();  // The awaitable keeps the callable alive.
  EXPECT_EQ(run_awaitable(std::move(op)), Embeddings::row({5}));
  EXPECT_EQ(factor.use_count(), 1);
}

TEST(Dense, TakesWhatConvertsToEmbeddings) {
  const auto function =
      embed::dense([](const Texts& texts) { return std::vector<std::vector<float>>(texts.size(), {1.0F}); });
  EXPECT_EQ(run_awaitable(function->embed_strs({"a", "b"})), Embeddings({{1}, {1}}));
}

TEST(Dense, CallsTheCallableWhenTheAwaitableRuns) {
  const auto function =
      embed::dense([](const Texts&) -> Embeddings { throw std::runtime_error("no model"); });
  auto op = function->embed_strs({"a"});
  EXPECT_THROW(run_awaitable(std::move(op)), std::runtime_error);
}

TEST(Dense, RefusesWhatIsNoEmbeddingFunction) {
  auto same_texts = [](Texts texts) { return texts; };
  static_assert(!embed::detail::Embedder<decltype(same_texts), Embeddings>);
  auto counting = [n = 0](const Texts&) mutable { return ++n, Embeddings(); };
  static_assert(!embed::detail::Embedder<decltype(counting), Embeddings>);
}

TEST(Sparse, TakesACallableAndACoroutine) {
  const auto plain = embed::sparse(
      [](const Texts& texts) { return std::vector<SparseVector>(texts.size(), SparseVector({1}, {0.5F})); });
  EXPECT_EQ(run_awaitable(plain->embed_query_strs({"a"})), std::vector{SparseVector({1}, {0.5F})});
  EXPECT_EQ(plain->configuration(), std::nullopt);
  const auto coroutine = embed::sparse([](Texts texts) -> boost::asio::awaitable<std::vector<SparseVector>> {
    co_return std::vector<SparseVector>(texts.size());
  });
  EXPECT_EQ(run_awaitable(coroutine->embed_strs({"a", "b"})), std::vector<SparseVector>(2));
}

TEST(EmbeddingFunctionError, TellsWhatTheProviderSaid) {
  EmbeddingFunctionError kind;
  kind.message = "You exceeded your current quota";
  kind.status = 429;
  kind.code = "insufficient_quota";
  kind.request_id = "req_7";
  kind.first_text = 32;
  kind.text_count = 16;
  const ChromaHttpClientError error(kind, "collection_add", 2);
  EXPECT_STREQ(error.what(),
               "collection_add: Embedding function error: texts 32 to 47: You exceeded your current quota "
               "(429 Too Many Requests, insufficient_quota) [request id req_7] (after 2 attempts)");
  EXPECT_EQ(error.status(), 429);
  EXPECT_FALSE(error.is_retryable());
  kind.retryable = true;
  EXPECT_TRUE(ChromaHttpClientError(kind).is_retryable());
}

TEST(EmbeddingFunctionError, NeedsNoMoreThanAMessage) {
  const ChromaHttpClientError error(EmbeddingFunctionError{"no model"});
  EXPECT_STREQ(error.what(), "Embedding function error: no model");
  EXPECT_EQ(error.status(), 0);
  EXPECT_FALSE(error.is_retryable());
}

}  // namespace
