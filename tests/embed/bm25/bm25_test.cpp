#include "embed/failures.hpp"
#include "support/run_awaitable.hpp"

#include <chroma/embed/bm25.hpp>
#include <chroma/options.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <future>
#include <limits>

namespace {

using namespace chroma;
using embed::BM25Options;
using embed::BM25SparseEmbeddingFunction;
using Tokens = std::vector<std::string>;

TEST(Bm25, DefaultOptionsAreThoseOfTheRustClient) {
  const auto function = BM25SparseEmbeddingFunction::default_murmur3_abs();
  EXPECT_EQ(function.options().k, 1.2F);
  EXPECT_EQ(function.options().b, 0.75F);
  EXPECT_EQ(function.options().avg_len, 256.0F);
  EXPECT_EQ(function.options().token_max_length, 40U);
  EXPECT_EQ(function.options().stop_words.size(), 179U);
  EXPECT_TRUE(function.options().include_tokens);
}

TEST(Bm25, RefusesNumbersOutOfRange) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto refused = [](auto change) {
    BM25Options options;
    change(options);
    try {
      const BM25SparseEmbeddingFunction function(options);
    } catch (const ChromaHttpClientOptionsError& error) {
      return error.kind() == ChromaHttpClientOptionsError::Kind::MissingConfiguration;
    }
    return false;
  };
  for (const float k : {-0.1F, nan, INFINITY}) EXPECT_TRUE(refused([&](auto& o) { o.k = k; })) << k;
  for (const float b : {-0.1F, 1.1F, nan}) EXPECT_TRUE(refused([&](auto& o) { o.b = b; })) << b;
  for (const float l : {0.0F, -1.0F, nan, INFINITY})
    EXPECT_TRUE(refused([&](auto& o) { o.avg_len = l; })) << l;
  EXPECT_TRUE(refused([](auto& o) { o.token_max_length = 0; }));
  EXPECT_FALSE(refused([](auto& o) { o.k = 0, o.b = 1; }));
}

TEST(Bm25, CustomStopWordsAreComparedInLowerCase) {
  BM25Options options;
  options.stop_words = {"Fox", "ÄPFEL"};
  const BM25SparseEmbeddingFunction function(options);
  EXPECT_EQ(function.tokenize("the FOX and äpfel"), (Tokens{"the", "and"}));
  options.stop_words.clear();
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).tokenize("the fox"), (Tokens{"the", "fox"}));
}

TEST(Bm25, StopWordsAreCheckedBeforeStemming) {
  BM25Options options;
  options.stop_words = {"run"};
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).tokenize("run running"), (Tokens{"run"}));
}

TEST(Bm25, TokenLengthIsInBytesOrCharacters) {
  BM25Options options;
  options.token_max_length = 4;
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).tokenize("abcd abcde éé ééé"), (Tokens{"abcd", "éé"}));
  options.token_length = BM25Options::TokenLength::Characters;
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).tokenize("abcd abcde éééé ééééé 😀"),
            (Tokens{"abcd", "éééé"}));
}

TEST(Bm25, VectorsCarryTokensIfAsked) {
  BM25Options options;
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).encode("hello hello world").tokens(),
            (Tokens{"world", "hello"}));
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).encode("").tokens(), Tokens());
  options.include_tokens = false;
  const auto vector = BM25SparseEmbeddingFunction(options).encode("hello hello world");
  EXPECT_EQ(vector.tokens(), std::nullopt);
  EXPECT_EQ(vector.indices(), (std::vector<std::uint32_t>{74040069, 613153351}));
}

TEST(Bm25, TokensOfOneIndexAreCountedTogether) {
  // Found by search.
  const auto function = BM25SparseEmbeddingFunction::default_murmur3_abs();
  const auto vector = function.encode("xyjccq xnqzeq xyjccq");
  EXPECT_EQ(vector.indices(), std::vector<std::uint32_t>{1994026113});
  EXPECT_EQ(vector.tokens(), Tokens{"xnqzeq"});
  EXPECT_EQ(vector.values(), function.encode("hello hello hello").values());
}

TEST(Bm25, ParametersChangeTheValues) {
  BM25Options options;
  options.k = 0;
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).encode("hello hello").values(), std::vector<float>{1});
  options.k = 1;
  options.b = 0;
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).encode("hello").values(), std::vector<float>{1});
  options.b = 1;
  options.avg_len = 1;
  EXPECT_EQ(BM25SparseEmbeddingFunction(options).encode("hello hello hello").values(), std::vector<float>{1});
}

TEST(Bm25, EmbedsManyTextsInOrder) {
  const auto function = BM25SparseEmbeddingFunction::default_murmur3_abs();
  Tokens texts;
  for (int i = 0; i < 500; ++i) texts.push_back("number" + std::to_string(i) + std::string(300, '.'));
  const auto vectors = test::run_awaitable(function.embed_strs(texts));
  ASSERT_EQ(vectors.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(vectors[i], function.encode(texts[i])) << i;
  EXPECT_EQ(test::run_awaitable(function.embed_query_strs({"a query"}))[0], function.encode("a query"));
}

TEST(Bm25, TheAwaitableKeepsWhatItNeeds) {
  auto function = std::make_unique<BM25SparseEmbeddingFunction>();
  auto op = function->embed_strs({"hello"});
  function.reset();
  EXPECT_EQ(test::run_awaitable(std::move(op)).size(), 1U);
}

TEST(Bm25, OtherHandlersRunBetweenPortionsAndACancellationTakesEffect) {
  boost::asio::io_context context;
  boost::asio::cancellation_signal cancel;
  bool cancelled = false;
  const BM25SparseEmbeddingFunction function;
  boost::asio::co_spawn(
      context, function.embed_strs(Tokens(100, std::string(17 * 1024, 'x'))),
      boost::asio::bind_cancellation_slot(
          cancel.slot(), [&](const std::exception_ptr& failure, const std::vector<SparseVector>&) {
            cancelled = failure != nullptr;
          }));
  boost::asio::post(context, [&] { cancel.emit(boost::asio::cancellation_type::terminal); });
  context.run();
  EXPECT_TRUE(cancelled);
}

TEST(Bm25, EncodesOnManyThreadsAtOnce) {
  const auto function = BM25SparseEmbeddingFunction::default_murmur3_abs();
  const std::string text = "The   space-time   continuum   WARPS   near   massive   objects...";
  const auto expected = function.encode(text);
  std::vector<std::future<bool>> threads;
  for (int i = 0; i < 4; ++i) {
    threads.push_back(std::async(std::launch::async, [&] {
      for (int k = 0; k < 200; ++k) {
        if (function.encode(text) != expected) return false;
      }
      return true;
    }));
  }
  for (auto& thread : threads) EXPECT_TRUE(thread.get());
}

}  // namespace
