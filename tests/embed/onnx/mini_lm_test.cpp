#include "embed/onnx/mini_lm.hpp"

#include "embed/failures.hpp"
#include "support/run_awaitable.hpp"

#include <chroma/options.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace {

using namespace chroma;
using embed::OnnxMiniLmL6V2EmbeddingFunction;
using embed::OnnxMiniLmL6V2Options;
using test::embedding_error_of;
using test::run_awaitable;
namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

class MiniLm : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_mini_lm()) GTEST_SKIP() << test::no_mini_lm;
  }
};

TEST_F(MiniLm, ATextsVectorDoesNotDependOnItsBatch) {
  const OnnxMiniLmL6V2EmbeddingFunction function(test::mini_lm_options());
  Texts texts;
  for (std::size_t i = 0; i < 40; ++i)
    texts.push_back("A sentence" + std::string(i * 5 % 37, 'x') + " and words");
  texts.emplace_back();
  const auto together = run_awaitable(function.embed_strs(texts));
  ASSERT_EQ(together.size(), texts.size());
  ASSERT_EQ(together.dimension(), 384U);
  for (const std::size_t i : {0U, 7U, 39U, 40U}) {
    const auto alone = run_awaitable(function.embed_query_strs({texts[i]}));
    for (std::size_t k = 0; k < 384; ++k) EXPECT_NEAR(alone[0][k], together[i][k], 1e-6F) << i;
  }
}

TEST_F(MiniLm, VectorsAreOfUnitLength) {
  const OnnxMiniLmL6V2EmbeddingFunction function(test::mini_lm_options());
  const auto rows = run_awaitable(function.embed_strs({"some words", ""}));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    double squares = 0;
    for (const float value : rows[row]) squares += static_cast<double>(value) * static_cast<double>(value);
    EXPECT_NEAR(squares, 1.0, 1e-5);
  }
}

TEST_F(MiniLm, NoTextsNeedNoModel) {
  const OnnxMiniLmL6V2EmbeddingFunction function(test::mini_lm_options());
  EXPECT_TRUE(run_awaitable(function.embed_strs({})).empty());
}

TEST_F(MiniLm, ACallMayBeCancelledWhileItsBatchIsComputed) {
  const OnnxMiniLmL6V2EmbeddingFunction function(test::mini_lm_options());
  std::string text;
  for (int i = 0; i < 300; ++i) text += "word ";
  boost::asio::io_context context;
  boost::asio::cancellation_signal cancel;
  bool ended = false;
  boost::asio::co_spawn(context, function.embed_strs(Texts(2000, text)),
                        boost::asio::bind_cancellation_slot(
                            cancel.slot(), [&](const std::exception_ptr& failure, const Embeddings&) {
                              EXPECT_TRUE(failure);
                              ended = true;
                            }));
  context.poll();
  cancel.emit(boost::asio::cancellation_type::terminal);
  context.run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(run_awaitable(function.embed_strs({"and the next call is served"})).size(), 1U);
}

TEST_F(MiniLm, TheAwaitableKeepsWhatItNeeds) {
  auto function = std::make_unique<OnnxMiniLmL6V2EmbeddingFunction>(test::mini_lm_options());
  auto op = function->embed_strs({"hello"});
  function.reset();
  EXPECT_EQ(run_awaitable(std::move(op)).size(), 1U);
}

TEST_F(MiniLm, AFileThatIsNoModelIsReportedByTheFirstCall) {
  const fs::path folder = fs::path(testing::TempDir()) / "chroma_broken_model";
  fs::create_directories(folder);
  std::ofstream(folder / "model.onnx") << "no model";
  fs::copy_file(test::mini_lm_folder / "tokenizer.json", folder / "tokenizer.json",
                fs::copy_options::overwrite_existing);
  auto options = test::mini_lm_options();
  options.model_directory = folder.string();
  const OnnxMiniLmL6V2EmbeddingFunction function(options);
  const auto message = embedding_error_of([&] { (void)run_awaitable(function.embed_strs({"a"})); }).message;
  EXPECT_EQ(message.rfind("ONNX Runtime ", 0), 0U) << message;
  EXPECT_NE(message.find("model.onnx"), std::string::npos) << message;
  fs::remove_all(folder);
}

TEST_F(MiniLm, CollectionsOfARegistryShareOneObject) {
  embed::Registry registry;
  embed::add_onnx(registry, test::mini_lm_options());
  boost::asio::io_context io;
  const ChromaHttpClientOptions client;
  const embed::FactoryContext context(io.get_executor(), client);
  const auto build = [&](const char* name, const char* json) {
    return registry.build_dense(EmbeddingFunctionConfiguration::known(name, json), context);
  };
  const auto function = build("default", "{}");
  EXPECT_EQ(function->configuration(), EmbeddingFunctionConfiguration::known("default", "{}"));
  EXPECT_EQ(build("onnx_mini_lm_l6_v2", R"({"preferred_providers":null})"), function);
  EXPECT_EQ(build("default", R"({"model_name":"Xenova/all-MiniLM-L6-v2","quantized":false})"), function);
  EXPECT_EQ(
      build("sentence_transformer",
            R"({"model_name":"all-MiniLM-L6-v2","device":"cpu","normalize_embeddings":false,"kwargs":{}})"),
      function);
  EXPECT_EQ(build("huggingface",
                  R"({"api_key_env_var":"X","model_name":"sentence-transformers/all-MiniLM-L6-v2"})"),
            function);
}

TEST(AddOnnx, RefusesOtherModelsByName) {
  embed::Registry registry;
  embed::add_onnx(registry);
  boost::asio::io_context io;
  const ChromaHttpClientOptions client;
  const embed::FactoryContext context(io.get_executor(), client);
  const auto message =
      embedding_error_of([&] {
        (void)registry.build_dense(EmbeddingFunctionConfiguration::known(
                                       "sentence_transformer", R"({"model_name":"all-mpnet-base-v2"})"),
                                   context);
      }).message;
  EXPECT_NE(message.find("all-mpnet-base-v2"), std::string::npos) << message;
  EXPECT_NE(message.find("sentence_transformer"), std::string::npos) << message;
}

class MissingFiles : public testing::Test {
 protected:
  MissingFiles() {
    fs::create_directories(folder_);
    options_.model_directory = folder_.string();
  }
  ~MissingFiles() override { fs::remove_all(folder_); }

  void touch(const char* name) const { std::ofstream(folder_ / name) << "x"; }
  [[nodiscard]] std::string failure() const {
    return embedding_error_of([&] { const OnnxMiniLmL6V2EmbeddingFunction function(options_); }).message;
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  OnnxMiniLmL6V2Options options_;
};

TEST_F(MissingFiles, OfTheModelAreNamedWithTheWayToGetThem) {
  EXPECT_NE(failure().find("there is no file " + (folder_ / "model.onnx").string()), std::string::npos)
      << failure();
  touch("model.onnx");
  for (const std::string& part :
       {"neither tokenizer.json nor vocab.txt in " + folder_.string(),
        std::string("913d7300ceae3b2dbc2c50d1de4baacab4be7b9380491c27fab7418616a16ec3"),
        std::string("model_directory"), std::string(".cache/chroma/onnx_models")}) {
    EXPECT_NE(failure().find(part), std::string::npos) << part << ": " << failure();
  }
}

TEST_F(MissingFiles, OfTheRuntimeAreNamedWithTheWayToGetThem) {
  touch("model.onnx");
  touch("vocab.txt");
  options_.runtime_library = (folder_ / "libabsent.so").string();
  for (const std::string& part : {options_.runtime_library, std::string("CHROMA_ONNXRUNTIME"),
                                  std::string("runtime_library"), std::string("1.14")}) {
    EXPECT_NE(failure().find(part), std::string::npos) << part << ": " << failure();
  }
}

TEST_F(MissingFiles, AnotherLibraryIsNotOnnxRuntime) {
  touch("model.onnx");
  touch("vocab.txt");
  options_.runtime_library = (folder_ / "vocab.txt").string();
  EXPECT_NE(failure().find("vocab.txt: "), std::string::npos) << failure();
}

}  // namespace
