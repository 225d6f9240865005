#include "unit/search/text.hpp"

#include <gtest/gtest.h>

namespace chroma {
namespace {

TEST(CollectionConfiguration, AnEmptyOneIsTheDefaultHnsw) {
  const auto read = codec::decode<CollectionConfiguration>("{}");
  EXPECT_EQ(read, CollectionConfiguration::default_hnsw());
  EXPECT_EQ(read.hnsw->max_neighbors, 16U);
  EXPECT_EQ(read.hnsw->space, Space::L2);
}

TEST(CollectionConfiguration, TwoIndexesAreRefused) {
  EXPECT_NE(unreadable([] {
              static_cast<void>(codec::decode<CollectionConfiguration>(R"({"hnsw":{},"spann":{}})"));
            }).find("Multiple vector index configurations provided"),
            std::string::npos);
}

TEST(CollectionConfiguration, UnknownKeysAreKept) {
  const std::string text =
      R"({"hnsw":null,"spann":{"search_nprobe":9,"write_nprobe":null,"space":"cosine","ef_construction":null,)"
      R"("ef_search":null,"max_neighbors":null,"reassign_neighbor_count":null,"split_threshold":null,)"
      R"("merge_threshold":null,"replicas":3},"embedding_function":null,"tier":"hot"})";
  EXPECT_EQ(json_of(codec::decode<CollectionConfiguration>(text)), text);
}

TEST(HnswConfiguration, ThreadsAndBatchSizeAreReadButNotWritten) {
  const auto read = codec::decode<HnswConfiguration>(R"({"num_threads":8,"batch_size":7})");
  EXPECT_EQ(read.num_threads, 8U);
  EXPECT_EQ(read.batch_size, 7U);
  EXPECT_EQ(json_of(read), json_of(HnswConfiguration()));
}

TEST(UpdateCollectionConfiguration, UnsetMembersAreNull) {
  UpdateCollectionConfiguration update;
  update.spann.emplace().search_nprobe = 12;
  EXPECT_EQ(json_of(update),
            R"({"hnsw":null,"spann":{"search_nprobe":12,"ef_search":null},"embedding_function":null})");
}

TEST(Configuration, TypesAreStrict) {
  const auto read = [](const char* text) {
    return unreadable([&] { static_cast<void>(codec::decode<HnswConfiguration>(text)); });
  };
  EXPECT_EQ(read(R"({"ef_search":1.5})").rfind("/ef_search: ", 0), 0U);
  EXPECT_EQ(read(R"({"space":"hamming"})").rfind("/space: ", 0), 0U);
  EXPECT_EQ(read(R"({"max_neighbors":-1})").rfind("/max_neighbors: ", 0), 0U);
  EXPECT_EQ(unreadable([] {
              static_cast<void>(codec::decode<SpannConfiguration>(R"({"search_nprobe":4294967296})"));
            }).rfind("/search_nprobe: ", 0),
            0U);
}

}  // namespace
}  // namespace chroma
