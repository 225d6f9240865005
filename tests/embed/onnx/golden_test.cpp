// The golden cases of the model: what the Python client's tokenizer and function make of texts.
#include "embed/onnx/mini_lm.hpp"
#include "embed/onnx/word_piece.hpp"
#include "support/golden_cases.hpp"
#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>

namespace test {
void PrintTo(const GoldenCase& one, std::ostream* out) {
  *out << one.text;
}
}  // namespace test

namespace {

using namespace chroma;
using test::GoldenCase;

class Golden : public testing::TestWithParam<GoldenCase> {
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

auto cases(std::string_view letters) {
  return testing::ValuesIn(test::golden_cases(CHROMA_GOLDEN_CASES, letters));
}
INSTANTIATE_TEST_SUITE_P(MT, MiniLmGoldenTokens, cases("MT"), test::GoldenName());
INSTANTIATE_TEST_SUITE_P(ME, MiniLmGoldenVector, cases("ME"), test::GoldenName());

TEST(MiniLmGolden, NoCaseIsLeftOut) {
  EXPECT_EQ(test::golden_cases(CHROMA_GOLDEN_CASES, "MT").size(), 32U);
  EXPECT_EQ(test::golden_cases(CHROMA_GOLDEN_CASES, "ME").size(), 6U);
}

}  // namespace
