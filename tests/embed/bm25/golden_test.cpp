// The golden cases of section B: what the Rust client makes of texts, tokens and words.
#include "embed/bm25/murmur3.hpp"
#include "embed/bm25/stemmer.hpp"
#include "support/golden_cases.hpp"

#include <chroma/embed/bm25.hpp>

#include <gtest/gtest.h>

#include <sstream>

namespace {

using namespace chroma;

class Golden : public testing::TestWithParam<test::GoldenCase> {
 protected:
  /// The text in quotes.
  static std::string input() {
    const auto& text = GetParam().text;
    const auto begin = text.find('"') + 1;
    return text.substr(begin, text.rfind('"') - begin);
  }
  static std::string expected() { return GetParam().expect.get<std::string>(); }
};

class Bm25GoldenTokens : public Golden {};
TEST_P(Bm25GoldenTokens, AreThoseOfTheRustClient) {
  const nlohmann::json tokens = embed::BM25SparseEmbeddingFunction::default_murmur3_abs().tokenize(input());
  EXPECT_EQ(tokens.dump(), expected());
}

class Bm25GoldenVector : public Golden {};
TEST_P(Bm25GoldenVector, IsThatOfTheRustClient) {
  const auto json = nlohmann::json::parse(expected());
  const SparseVector vector(json.at("indices"), json.at("values"), json.at("tokens"));
  EXPECT_EQ(embed::BM25SparseEmbeddingFunction::default_murmur3_abs().encode(input()), vector);
}

class Bm25GoldenVectorWithoutTokens : public Golden {};
TEST_P(Bm25GoldenVectorWithoutTokens, IsThatOfTheRustClient) {
  ASSERT_EQ(GetParam().text, "include_tokens=false 'hello hello world'");
  const auto json = nlohmann::json::parse(expected());
  ASSERT_TRUE(json.at("tokens").is_null());
  embed::BM25Options options;
  options.include_tokens = false;
  EXPECT_EQ(embed::BM25SparseEmbeddingFunction(options).encode("hello hello world"),
            SparseVector(json.at("indices"), json.at("values")));
}

class Bm25GoldenHash : public Golden {};
TEST_P(Bm25GoldenHash, IsThatOfTheRustClient) {
  EXPECT_EQ(std::to_string(embed::bm25::murmur3_abs(input())), expected());
}

class Bm25GoldenStems : public Golden {};
TEST_P(Bm25GoldenStems, AreThoseOfTheRustClient) {
  embed::bm25::Stemmer stemmer;
  std::istringstream pairs(expected());
  std::size_t count = 0;
  for (std::string pair; pairs >> pair; ++count) {
    const std::string arrow = "→";
    const auto at = pair.find(arrow);
    ASSERT_NE(at, std::string::npos) << pair;
    EXPECT_EQ(stemmer.stem(pair.substr(0, at)), pair.substr(at + arrow.size())) << pair;
  }
  EXPECT_EQ(count, 98U);
}

INSTANTIATE_TEST_SUITE_P(B, Bm25GoldenTokens, test::golden_values("B"), test::GoldenName());
INSTANTIATE_TEST_SUITE_P(BE, Bm25GoldenVector, test::golden_values("BE"), test::GoldenName());
INSTANTIATE_TEST_SUITE_P(BX, Bm25GoldenVectorWithoutTokens, test::golden_values("BX"), test::GoldenName());
INSTANTIATE_TEST_SUITE_P(BH, Bm25GoldenHash, test::golden_values("BH"), test::GoldenName());
INSTANTIATE_TEST_SUITE_P(BS, Bm25GoldenStems, test::golden_values("BS"), test::GoldenName());

TEST(Bm25Golden, NoCaseIsLeftOut) {
  std::size_t count = 0;
  for (const char* letters : {"B", "BE", "BX", "BH", "BS"}) {
    count += test::golden_cases(letters).size();
  }
  EXPECT_EQ(count, 37U);
}

}  // namespace
