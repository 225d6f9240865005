#include "embed/onnx/batches.hpp"

#include <gtest/gtest.h>

namespace {

using namespace chroma::embed::onnx;

std::vector<TokenIds> texts_of(const std::vector<std::size_t>& lengths) {
  std::vector<TokenIds> texts;
  for (const auto length : lengths) texts.emplace_back(length, 1);
  return texts;
}
using Batches = std::vector<Batch>;

TEST(MakeBatches, SortsByLength) {
  EXPECT_EQ(make_batches(texts_of({2, 9, 5, 9}), 2, 1000), (Batches{{1, 3}, {2, 0}}));
}

TEST(MakeBatches, CountsPaddedTokens) {
  EXPECT_EQ(make_batches(texts_of({4, 4, 4, 1, 1}), 32, 8), (Batches{{0, 1}, {2, 3}, {4}}));
}

TEST(MakeBatches, ATextThatIsTooLongStandsAlone) {
  EXPECT_EQ(make_batches(texts_of({100, 2, 2}), 32, 8), (Batches{{0}, {1, 2}}));
}

TEST(MakeBatches, NoTextsMakeNoBatches) {
  EXPECT_EQ(make_batches({}, 32, 8), Batches());
}

}  // namespace
