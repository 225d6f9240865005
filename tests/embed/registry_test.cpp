#include "embed/failures.hpp"

#include <chroma/embedding_function.hpp>
#include <chroma/options.hpp>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace {

using namespace chroma;
using test::embedding_error_of;
using Dense = std::shared_ptr<const embed::DenseEmbeddingFunction>;

class Registry : public testing::Test {
 protected:
  Dense build_dense(const char* name) { return registry.build_dense(known(name), context); }
  std::string dense_failure(const EmbeddingFunctionConfiguration& configuration) {
    return embedding_error_of([&] { (void)registry.build_dense(configuration, context); }).message;
  }
  static EmbeddingFunctionConfiguration known(const char* name) {
    return EmbeddingFunctionConfiguration::known(name, R"({"a":1})");
  }

  boost::asio::io_context io;
  ChromaHttpClientOptions options;
  embed::FactoryContext context{io.get_executor(), options};
  embed::Registry registry;
  Dense ones = embed::dense([](const std::vector<std::string>& texts) {
    return std::vector<std::vector<float>>(texts.size(), {1.0F});
  });
};

TEST_F(Registry, BuildsWhatTheConfigurationNames) {
  registry.add_dense("mine", [&](const auto& configuration, const embed::FactoryContext& given) {
    EXPECT_EQ(configuration.config(), R"({"a":1})");
    EXPECT_EQ(&given.options, &options);
    EXPECT_EQ(given.executor, boost::asio::any_io_executor(io.get_executor()));
    return ones;
  });
  EXPECT_EQ(build_dense("mine"), ones);
}

TEST_F(Registry, KeepsDenseAndSparseApart) {
  registry.add_sparse("mine", [](const auto&, const auto&) {
    return embed::sparse(
        [](const std::vector<std::string>& texts) { return std::vector<SparseVector>(texts.size()); });
  });
  EXPECT_NE(registry.build_sparse(known("mine"), context), nullptr);
  EXPECT_EQ(dense_failure(known("mine")),
            "no dense embedding function \"mine\" is registered; give the registry a factory for it with "
            "Registry::add_dense, or give the collection a function");
}

TEST_F(Registry, TheLastFactoryOfANameCounts) {
  registry.add_dense("mine", [](const auto&, const auto&) { return nullptr; });
  registry.add_dense("mine", [&](const auto&, const auto&) { return ones; });
  EXPECT_EQ(build_dense("mine"), ones);
}

TEST_F(Registry, ACopyIsIndependent) {
  const auto before = registry;
  registry.add_dense("mine", [&](const auto&, const auto&) { return ones; });
  EXPECT_THROW((void)before.build_dense(known("mine"), context), ChromaHttpClientError);
}

TEST_F(Registry, SaysWhichComponentIsMissing) {
  for (const char* name : {"default", "onnx_mini_lm_l6_v2"}) {
    const auto message = dense_failure(known(name));
    EXPECT_NE(message.find("chroma::onnx"), std::string::npos) << message;
    EXPECT_NE(message.find("add_onnx"), std::string::npos) << message;
  }
  const auto message =
      embedding_error_of([&] { (void)registry.build_sparse(known("chroma_bm25"), context); }).message;
  EXPECT_NE(message.find("chroma::bm25"), std::string::npos) << message;
  EXPECT_NE(message.find("add_bm25"), std::string::npos) << message;
}

TEST_F(Registry, RefusesConfigurationsThatNameNothing) {
  EXPECT_NE(dense_failure(EmbeddingFunctionConfiguration::legacy()).find("legacy"), std::string::npos);
  EXPECT_NE(dense_failure(EmbeddingFunctionConfiguration::unknown()).find("unknown"), std::string::npos);
  EXPECT_NE(dense_failure(EmbeddingFunctionConfiguration::other({{"type", "\"new\""}})).find("version"),
            std::string::npos);
}

TEST_F(Registry, SaysWhyAFactoryFailed) {
  registry.add_dense("empty", [](const auto&, const auto&) { return nullptr; });
  EXPECT_EQ(dense_failure(known("empty")),
            "the embedding function \"empty\" cannot be built: its factory returned nothing");
  registry.add_dense("options", [](const auto&, const auto&) -> Dense {
    throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::MissingConfiguration, "no model");
  });
  EXPECT_NE(dense_failure(known("options")).find("no model"), std::string::npos);
  registry.add_dense("ours", [](const auto&, const auto&) -> Dense {
    throw ChromaHttpClientError(EmbeddingFunctionError{"as it is"});
  });
  EXPECT_EQ(dense_failure(known("ours")), "as it is");
}

TEST_F(Registry, AnEmptyOneKnowsWhatIsAdded) {
  registry = embed::Registry::empty();
  registry.add_dense("mine", [&](const auto&, const auto&) { return ones; });
  EXPECT_EQ(build_dense("mine"), ones);
}

}  // namespace
