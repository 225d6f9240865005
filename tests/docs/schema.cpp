// The code of docs/schema.md, compiled and run.
#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

TEST(Docs, Schema) {
  chroma::VectorIndexConfig vectors;
  vectors.space = chroma::Space::Cosine;
  chroma::SparseVectorIndexConfig words;
  words.bm25 = true;

  chroma::Schema schema;
  schema.create_index(std::nullopt, vectors)
      .create_index("words", words)
      .delete_index("notes", chroma::StringInvertedIndexConfig());
  EXPECT_TRUE(schema.is_sparse_index_enabled());
  EXPECT_EQ(schema.keys.count("notes"), 1U);

  try {
    schema.create_index(std::nullopt, words);
    FAIL();
  } catch (const chroma::ChromaHttpClientError& error) {
    EXPECT_TRUE(error.is<chroma::SchemaBuilderError>());
  }
}
