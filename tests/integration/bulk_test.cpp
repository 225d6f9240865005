// Bulk loads and pages on the real server. CHROMA_TEST_BULK_ROWS and CHROMA_TEST_BULK_DIMENSION make them
// larger.
#include "integration/real_server.hpp"

#include <chroma/bulk.hpp>
#include <chroma/pages.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

namespace chroma::test {
namespace {

std::size_t size_from(const char* variable, std::size_t usual) {
  const char* text = std::getenv(variable);
  return text == nullptr ? usual : std::stoul(text);
}

/// Record `number` of a collection that any process can compute: random bits of finite floats, and a metadata
/// value of each kind. (The server reads some other decimal fractions one bit off.)
BulkRecord numbered(std::size_t number, std::size_t dimension) {
  std::mt19937 random(static_cast<unsigned>(number));
  std::vector<float> values(dimension);
  for (float& value : values) {
    do {
      value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    } while (!std::isfinite(value) || std::abs(value) > 1e18F);
  }
  Metadata metadata;
  metadata["number"] = static_cast<std::int64_t>(number);
  metadata["quarter"] = static_cast<double>(number) / 4;
  metadata["even"] = number % 2 == 0;
  metadata["text"] = "\"\\\n\xc3\xa4 " + std::to_string(number);
  BulkRecord record("id-" + std::to_string(number), std::move(values));
  record.document("document " + std::to_string(number)).metadata(metadata);
  if (number % 3 == 0) record.uri("uri://" + std::to_string(number));
  return record;
}

bool same_bits(std::span<const float> left, std::span<const float> right) {
  return std::ranges::equal(left, right, {}, std::bit_cast<std::uint32_t, float>,
                            std::bit_cast<std::uint32_t, float>);
}

bool is(const Row& row, const BulkRecord& record) {
  const auto& map = *record.metadata();
  return row.id == record.id() && row.document == record.document() && row.uri == record.uri() &&
         row.metadata != nullptr && UpdateMetadata(row.metadata->begin(), row.metadata->end()) == map &&
         row.embedding && same_bits(*row.embedding, *record.embedding());
}

class BulkOnRealServer : public RealServerTest {
 protected:
  const std::size_t rows = size_from("CHROMA_TEST_BULK_ROWS", 1500);
  const std::size_t dimension = size_from("CHROMA_TEST_BULK_DIMENSION", 16);

  BulkReport load(const ChromaCollection& collection, BulkOptions options) {
    BulkWriter writer(collection, std::move(options));
    for (std::size_t i = 0; i < rows; ++i) run(writer.write(numbered(i, dimension)));
    return run(writer.finish());
  }
  /// How many records the pages have; each is compared with what was stored.
  std::size_t compare(const ChromaCollection& collection, PageMode mode) {
    PageOptions options;
    options.mode = mode;
    std::vector<bool> seen(rows);
    std::size_t count = 0;
    auto pages = collection.pages(GetRequest().include(IncludeList::all()), options);
    while (run(pages.next())) {
      for (const Row row : std::as_const(pages.page()).rows()) {
        const auto number = std::stoul(std::string(row.id.substr(3)));
        if (!is(row, numbered(number, dimension))) ADD_FAILURE() << row.id << " differs";
        if (seen.at(number)) ADD_FAILURE() << row.id << " came twice";
        seen[number] = true;
        ++count;
      }
    }
    return count;
  }
};

TEST_F(BulkOnRealServer, RecordsComeBackBitForBit) {
  const auto collection = make_collection();
  const auto report = load(collection, BulkOptions());
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.progress.stored, rows);
  EXPECT_EQ(compare(collection, PageMode::Offset), rows);
  EXPECT_EQ(compare(collection, PageMode::SnapshotIds), rows);
}

TEST_F(BulkOnRealServer, EveryOperation) {
  const auto collection = make_collection();
  static_cast<void>(load(collection, BulkOptions()));
  BulkOptions options;
  options.operation = BulkOperation::Update;
  BulkWriter update(collection, options);
  for (std::size_t i = 0; i < rows; i += 2) {
    run(update.write(BulkRecord("id-" + std::to_string(i)).document("new")));
  }
  EXPECT_EQ(run(update.finish()).progress.stored, (rows + 1) / 2);
  options.operation = BulkOperation::Add;
  BulkWriter add(collection, options);
  run(add.write(
      BulkRecord("id-0", std::vector<float>(dimension)).document("ignored, because the id exists")));
  EXPECT_TRUE(run(add.finish()).complete());
  const auto found = run(collection.get(GetRequest().ids("id-0")));
  ASSERT_EQ(found.ids.size(), 1U);
  EXPECT_EQ(found.documents->at(0), "new");
  options.operation = BulkOperation::Delete;
  BulkWriter remove(collection, options);
  for (std::size_t i = 1; i < rows; ++i) run(remove.write(BulkRecord("id-" + std::to_string(i))));
  EXPECT_TRUE(run(remove.finish()).complete());
  EXPECT_EQ(run(collection.count()), 1U);
}

TEST_F(BulkOnRealServer, BodiesAboveTheLimitOfTheServerAreDivided) {
  const ChromaHttpClient limited(runtime.executor(), real_options("CHROMA_TEST_LIMITED_ENDPOINT"));
  const auto collection = run(limited.create_collection(fresh_name("bulk")));
  BulkOptions options;
  options.limits = BulkLimits::custom(1000, 32 << 20);
  options.flush_interval = std::chrono::milliseconds(0);
  BulkWriter writer(collection, options);
  for (std::size_t i = 0; i < 300; ++i) {
    const std::vector<float> values(2000, static_cast<float>(i));  // 2.4 MB in base64; 1 MB is allowed.
    run(writer.write(BulkRecord("id-" + std::to_string(i), values)));
  }
  run(writer.write(BulkRecord("large", std::vector<float>(2000)).document(std::string(1'100'000, 'x'))));
  const auto report = run(writer.finish());
  EXPECT_EQ(report.progress.stored, 300U);
  EXPECT_GT(report.progress.splits, 0U);
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_EQ(report.failed[0].record.id(), "large");
  EXPECT_EQ(report.failed[0].error.status(), 413);
  EXPECT_EQ(run(collection.count()), 300U);
  run(limited.delete_collection(collection.name()));
}

TEST_F(BulkOnRealServer, PagesReadMoreRecordsThanASingleResponseHolds) {
  constexpr std::size_t many = 33'000;  // The server looks up the metadata of at most 32,766 records at once.
  const auto collection = make_collection();
  BulkWriter writer(collection);
  for (std::size_t i = 0; i < many; ++i) {
    BulkRecord record("id-" + std::to_string(i), std::vector<float>{1, static_cast<float>(i)});
    record.metadata(Metadata{{"number", static_cast<std::int64_t>(i)}});
    run(writer.write(std::move(record)));
  }
  EXPECT_TRUE(run(writer.finish()).complete());
  GetRequest request;
  request.include(Include::Metadata);
  EXPECT_EQ(fail(collection.get(request)).status(), 500);
  for (const auto mode : {PageMode::Offset, PageMode::SnapshotIds}) {
    PageOptions options;
    options.mode = mode;
    options.page_size = many;  // The server refuses it, and shorter pages follow.
    std::vector<bool> seen(many);
    auto pages = collection.pages(request, options);
    while (run(pages.next())) {
      for (const Row row : std::as_const(pages.page()).rows()) {
        const auto number = static_cast<std::size_t>(row.get<std::int64_t>("number").value());
        EXPECT_EQ(row.id, "id-" + std::to_string(number));
        EXPECT_FALSE(seen.at(number)) << row.id << " came twice";
        seen[number] = true;
      }
    }
    EXPECT_EQ(std::ranges::count(seen, true), static_cast<std::ptrdiff_t>(many));
  }
}

TEST_F(BulkOnRealServer, CollectionPagesFindAll) {
  std::vector<std::string> names;
  for (int i = 0; i < 7; ++i) names.push_back(make_collection().name());
  PageOptions options;
  options.page_size = 3;
  std::vector<std::string> found;
  auto pages = client.collection_pages(options);
  while (run(pages.next())) {
    for (const auto& collection : pages.page()) found.push_back(collection.name());
  }
  std::ranges::sort(names);
  std::ranges::sort(found);
  EXPECT_EQ(found, names);
}

}  // namespace
}  // namespace chroma::test
