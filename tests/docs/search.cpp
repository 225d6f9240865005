// The code of docs/search.md, compiled and run.
#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

TEST(Docs, Search) {
  using chroma::Key;
  std::vector<float> vector = {0.1F, 0.2F, 0.3F};
  chroma::SparseVector words({7, 12}, {0.5F, 1.25F});

  auto search = chroma::SearchPayload()
                    .where(Key("year") >= 2000)
                    .rank(chroma::Knn(vector).limit(100))
                    .limit(10)
                    .select(Key::Document, Key::Score, "title");
  EXPECT_NO_THROW(search.validate());

  auto dense = chroma::Knn(vector).limit(200);
  auto sparse = chroma::Knn(words).key("words").limit(200).default_score(10);
  auto weighted = chroma::SearchPayload().rank(dense * 0.7 + sparse * 0.3).limit(10);
  EXPECT_NO_THROW(weighted.validate());

  auto fused = chroma::rrf({dense.return_rank(true), sparse.return_rank(true)}, 60, {2, 1});
  EXPECT_EQ(fused.knn_queries().size(), 2U);

  chroma::GroupBy per_author({Key("author")}, chroma::Aggregate::min_k({Key::Score}, 3));
  auto grouped = chroma::SearchPayload().rank(dense).group_by(per_author).limit(30);
  EXPECT_NO_THROW(grouped.validate());
}
