// Compiles and runs the code of docs/metadata.md.
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <iostream>

namespace metadata_page {
namespace {

void print_titles(const chroma::GetResponse& response) {
  for (auto row : response.rows()) {
    std::cout << row.get<std::string>("title").value_or("no title") << ", "
              << row.get<int>("year").value_or(0) << '\n';
  }
}

}  // namespace

TEST(Docs, Metadata) {
  chroma::Metadata metadata;
  metadata["title"] = "Dune";
  metadata["year"] = 1965;
  metadata["rating"] = 4.5;
  metadata["in_print"] = true;
  metadata["tags"] = std::vector<std::string>{"desert", "politics"};
  metadata["words"] = chroma::SparseVector({7, 12}, {0.5F, 1.25F});
  ASSERT_EQ(metadata.size(), 6U);

  EXPECT_EQ(metadata["year"].get<int>(), 1965);
  EXPECT_EQ(metadata["year"].get<double>(), 1965.0);
  EXPECT_EQ(metadata["rating"].get<int>(), std::nullopt);
  EXPECT_TRUE(metadata["year"].is<std::int64_t>());

  chroma::GetResponse response;
  response.ids = {"dune", "other"};
  response.metadatas.emplace();
  response.metadatas->push_back(metadata);
  response.metadatas->push_back(std::nullopt);
  const auto text = chroma::test::printed([&] { print_titles(response); });
  EXPECT_EQ(text, "Dune, 1965\nno title, 0\n");

  chroma::UpdateMetadata change;
  change["rating"] = 4.7;
  change["in_print"] = nullptr;  // deletes the key
  chroma::UpdateRequest update({"dune"});
  update.metadatas({change});
  EXPECT_NO_THROW(update.validate());
}

}  // namespace metadata_page
