// The golden cases of the model: what the Python client's tokenizer and function make of texts.
#include "embed/onnx/mini_lm.hpp"
#include "embed/onnx/word_piece.hpp"
#include "support/golden_cases.hpp"
#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace chroma;

class Golden : public testing::TestWithParam<test::GoldenCase> {
 protected:
  void SetUp() override {
    if (!test::has_mini_lm()) GTEST_SKIP() << test::no_mini_lm;
  }
};

class MiniLmGoldenTokens : public Golden {};
TEST_P(MiniLmGoldenTokens, AreThoseOfThePythonClient) {
  static const embed::onnx::WordPieceTokenizer tokenizer(
      embed::onnx::Vocabulary::read(test::mini_lm_folder / "tokenizer.json"));
  EXPECT_EQ(tokenizer.encode(GetParam().text, 256), GetParam().expect.get<embed::onnx::TokenIds>());
}

class MiniLmGoldenVector : public Golden {};
TEST_P(MiniLmGoldenVector, IsThatOfThePythonClient) {
  static const embed::OnnxMiniLmL6V2EmbeddingFunction function(test::mini_lm_options());
  const auto rows = test::run_awaitable(function.embed_strs({GetParam().text}));
  const auto expected = GetParam().expect.get<std::vector<float>>();
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_EQ(rows[0].size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(rows[0][i], expected[i], 1e-5F) << i;
}

INSTANTIATE_TEST_SUITE_P(MT, MiniLmGoldenTokens, test::golden_values("MT"), test::GoldenName());
INSTANTIATE_TEST_SUITE_P(ME, MiniLmGoldenVector, test::golden_values("ME"), test::GoldenName());

TEST(MiniLmGolden, NoCaseIsLeftOut) {
  EXPECT_EQ(test::golden_cases("MT").size(), 32U);
  EXPECT_EQ(test::golden_cases("ME").size(), 6U);
}

}  // namespace
