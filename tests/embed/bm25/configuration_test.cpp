#include "embed/failures.hpp"

#include <chroma/embed/bm25.hpp>
#include <chroma/options.hpp>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>

namespace {

using namespace chroma;
using embed::BM25Options;
using embed::BM25SparseEmbeddingFunction;

EmbeddingFunctionConfiguration configured(const std::string& json) {
  return EmbeddingFunctionConfiguration::known("chroma_bm25", json);
}

std::shared_ptr<const embed::SparseEmbeddingFunction> build(
    const EmbeddingFunctionConfiguration& configuration) {
  embed::Registry registry;
  embed::add_bm25(registry);
  boost::asio::io_context io;
  const ChromaHttpClientOptions options;
  return registry.build_sparse(configuration, embed::FactoryContext(io.get_executor(), options));
}

BM25Options options_from(const std::string& json) {
  const auto function = build(configured(json));
  return dynamic_cast<const BM25SparseEmbeddingFunction&>(*function).options();
}

TEST(Bm25Configuration, IsWhatPythonWrites) {
  EXPECT_EQ(
      BM25SparseEmbeddingFunction().configuration(),
      configured(R"({"k":1.2,"b":0.75,"avg_doc_length":256.0,"token_max_length":40,"include_tokens":true})"));
}

TEST(Bm25Configuration, HasStopWordsOnlyIfTheyAreNotTheDefault) {
  BM25Options options;
  options.stop_words = {"The", "\"x\""};
  options.include_tokens = false;
  options.k = 1.5F;
  EXPECT_EQ(
      BM25SparseEmbeddingFunction(options).configuration(),
      configured(R"({"k":1.5,"b":0.75,"avg_doc_length":256.0,"token_max_length":40,"include_tokens":false,)"
                 R"("stopwords":["The","\"x\""]})"));
  options.stop_words.clear();
  EXPECT_NE(BM25SparseEmbeddingFunction(options).configuration()->config().find(R"("stopwords":[])"),
            std::string::npos);
}

TEST(Bm25Configuration, ReadsBackWhatItWrites) {
  BM25Options options;
  options.k = 0.9F;
  options.b = 0.4F;
  options.avg_len = 12.5F;
  options.token_max_length = 7;
  options.stop_words = {"and"};
  const auto read = options_from(BM25SparseEmbeddingFunction(options).configuration()->config());
  EXPECT_EQ(read.k, 0.9F);
  EXPECT_EQ(read.b, 0.4F);
  EXPECT_EQ(read.avg_len, 12.5F);
  EXPECT_EQ(read.token_max_length, 7U);
  EXPECT_TRUE(read.include_tokens);
  EXPECT_EQ(read.stop_words, std::vector<std::string>{"and"});
}

TEST(Bm25Configuration, AbsentMembersAreThePythonClientsDefaults) {
  for (const char* json : {"{}", R"({"k":null,"stopwords":null,"include_tokens":null})"}) {
    const auto read = options_from(json);
    EXPECT_EQ(read.k, 1.2F);
    EXPECT_EQ(read.avg_len, 256.0F);
    EXPECT_EQ(read.token_max_length, 40U);
    EXPECT_FALSE(read.include_tokens);
    EXPECT_EQ(read.token_length, BM25Options::TokenLength::Characters);
    EXPECT_EQ(read.stop_words.size(), 179U);
  }
}

TEST(Bm25Configuration, ReadsWhatTheOtherClientsWrite) {
  EXPECT_EQ(options_from(R"({"k":2,"avg_doc_length":10})").k, 2.0F);
  EXPECT_EQ(options_from(R"({"avg_len":10.5})").avg_len, 10.5F);  // The Go client's name.
  EXPECT_EQ(options_from(R"({"token_max_length":12.0,"new":{"a":[1]}})").token_max_length, 12U);
}

TEST(Bm25Configuration, SaysWhatIsWrongWithIt) {
  const auto message = [](const char* json) {
    return test::embedding_error_of([&] { (void)build(configured(json)); }).message;
  };
  EXPECT_NE(message(R"({"k":"high"})").find("/k"), std::string::npos) << message(R"({"k":"high"})");
  EXPECT_NE(message(R"({"token_max_length":1.5})").find("/token_max_length"), std::string::npos);
  EXPECT_NE(message(R"({"token_max_length":-1})").find("/token_max_length"), std::string::npos);
  EXPECT_NE(message(R"({"stopwords":[1]})").find("/stopwords/0"), std::string::npos);
  EXPECT_NE(message(R"([])").find("object"), std::string::npos);
  EXPECT_NE(message(R"({"avg_doc_length":0})").find("avg_len"), std::string::npos);
}

}  // namespace
