// Compiles and runs the code of docs/metadata.md.
#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

TEST(Docs, Metadata) {
  chroma::Metadata metadata;
  metadata["title"] = "Dune";
  metadata["year"] = 1965;
  metadata["rating"] = 4.5;
  metadata["in_print"] = true;
  metadata["tags"] = std::vector<std::string>{"desert", "politics"};
  metadata["words"] = chroma::SparseVector({7, 12}, {0.5F, 1.25F});
  ASSERT_EQ(metadata.size(), 6U);

  if (const auto* year = metadata["year"].get_if<std::int64_t>()) {
    EXPECT_EQ(*year, 1965);
  }
  EXPECT_TRUE(metadata["rating"].is<double>());

  chroma::UpdateMetadata change;
  change["rating"] = 4.7;
  change["in_print"] = nullptr;  // deletes the key
  chroma::UpdateRequest update({"dune"});
  update.metadatas({change});
  EXPECT_NO_THROW(update.validate());
}
