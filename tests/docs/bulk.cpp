// The code of docs/bulk.md.
#include "docs/fixture.hpp"

#include <chroma/bulk.hpp>
#include <chroma/embedding_function.hpp>
#include <chroma/pages.hpp>

#include <algorithm>
#include <filesystem>

namespace bulk_page {
namespace {

boost::asio::awaitable<chroma::BulkReport> store(chroma::ChromaCollection collection, std::size_t count) {
  chroma::BulkWriter writer(collection);
  for (std::size_t i = 0; i < count; ++i) {
    chroma::BulkRecord record("id-" + std::to_string(i), std::vector<float>{float(i), 1.0F});
    record.document("document " + std::to_string(i));
    co_await writer.write(std::move(record));
  }
  co_return co_await writer.finish();
}

boost::asio::awaitable<chroma::BulkReport> store_texts(chroma::ChromaCollection collection,
                                                       std::vector<std::string> texts) {
  chroma::BulkOptions options;
  options.embedding_rows = 64;
  chroma::BulkWriter writer(collection, options);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    chroma::BulkRecord record("id-" + std::to_string(i));
    record.document(texts[i]);
    co_await writer.write(std::move(record));
  }
  co_return co_await writer.finish();
}

boost::asio::awaitable<std::size_t> count_words(chroma::ChromaCollection collection) {
  std::size_t words = 0;
  auto pages = collection.pages(chroma::GetRequest().include(chroma::Include::Document));
  while (co_await pages.next()) {
    for (const auto row : std::as_const(pages.page()).rows()) {
      const auto text = row.document.value_or("");
      words += 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
    }
  }
  co_return words;
}

using namespace chroma;

class BulkPage : public test::PageTest {};

TEST_F(BulkPage, Stores) {
  auto collection = run(client.get_or_create_collection("numbers"));
  EXPECT_EQ(run(store(collection, 10)).progress.stored, 10U);

  chroma::BulkWriter writer(collection);
  runtime.block_on(writer.write(chroma::BulkRecord("a", {1.0F, 2.0F})));
  const chroma::BulkReport report = runtime.block_on(writer.finish());
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(run(collection.count()), 11U);
}

TEST_F(BulkPage, StoresTexts) {
  auto collection = run(client.get_or_create_collection("texts"));
  collection.set_embedding_function(chroma::embed::dense([](const std::vector<std::string>& texts) {
    return chroma::Embeddings(std::vector<float>(texts.size(), 1.0F), 1);
  }));
  std::vector<std::string> texts{"one", "two"};
  EXPECT_EQ(run(store_texts(collection, std::move(texts))).progress.embedded, 2U);
}

TEST_F(BulkPage, Resumes) {
  auto collection = run(client.get_or_create_collection("numbers"));
  std::filesystem::remove("load.checkpoint");
  const std::uint64_t total = 10;

  chroma::BulkOptions options;
  options.checkpoint.emplace("load.checkpoint");
  options.checkpoint->source = "vectors.bin";
  chroma::BulkWriter writer(collection, options);
  for (std::uint64_t line = writer.resume_position(); line < total; ++line) {
    chroma::BulkRecord record("id-" + std::to_string(line), std::vector<float>{float(line), 1.0F});
    runtime.block_on(writer.write(std::move(record).position(line)));
  }
  const auto report = runtime.block_on(writer.finish());
  EXPECT_EQ(report.progress.stored, total);
  EXPECT_TRUE(std::filesystem::remove("load.checkpoint"));
}

TEST_F(BulkPage, Pages) {
  EXPECT_EQ(run(count_words(colors())), 6U);
}

}  // namespace
}  // namespace bulk_page
