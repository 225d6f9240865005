// Properties of the planner over random records, and its sizes against the encoder.
#include "bulk/planner.hpp"

#include "bulk/requests.hpp"
#include "codec/records.hpp"
#include "support/process_usage.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace chroma::bulk {
namespace {

class RandomRecords {
 public:
  explicit RandomRecords(unsigned seed) : random_(seed) {}

  std::size_t up_to(std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(random_); }

  std::string text(std::size_t most) {
    static const std::vector<std::string> pieces = {
        "a", "\"", "\\", "\n", "\x01", "\x1f", "\t", "\xc3\xa4", "\xf0\x9f\x90\xa6", "/", "\x7f", "\b"};
    std::string result;
    for (std::size_t left = up_to(most); left > 0; --left) result += pieces[up_to(pieces.size() - 1)];
    return result;
  }

  UpdateMetadata metadata(bool deletions) {
    UpdateMetadata map;
    for (std::size_t left = up_to(4); left > 0; --left) {
      const auto key = "k" + text(4);
      switch (up_to(deletions ? 6 : 5)) {
        case 0:
          map[key] = static_cast<std::int64_t>(random_());
          break;
        case 1:
          map[key] = static_cast<double>(up_to(1000)) / 7;
          break;
        case 2:
          map[key] = text(20);
          break;
        case 3:
          map[key] = up_to(1) == 1;
          break;
        case 4:
          map[key] = std::vector<std::string>{text(3), text(3)};
          break;
        case 5:
          map[key] = SparseVector({1, 7}, {0.5F, 1.0F / 3});
          break;
        default:
          map[key] = nullptr;
          break;
      }
    }
    return map;
  }

  BulkRecord record(std::size_t number, std::size_t dimension, BulkOperation operation) {
    BulkRecord record("id" + std::to_string(number) + text(6));
    const bool may_lack = operation == BulkOperation::Update;
    if (!may_lack || up_to(2) > 0) {
      std::vector<float> values(dimension);
      for (float& value : values) value = std::normal_distribution<float>()(random_);
      record.embedding(std::move(values));
    }
    if (up_to(3) == 0) record.document(text(60));
    if (up_to(3) == 0) record.uri(text(10));
    if (up_to(2) == 0) record.metadata(metadata(operation != BulkOperation::Add));
    return record;
  }

 private:
  std::mt19937_64 random_;
};

template <class Request>
std::size_t body_bytes(Request request, bool base64) {
  return codec::encode(codec::RecordsBody<Request>{std::move(request), base64}).size();
}

std::size_t encoded_bytes(const Rows& rows, BulkOperation operation, bool base64) {
  switch (operation) {
    case BulkOperation::Add:
      return body_bytes(add_request(rows), base64);
    case BulkOperation::Upsert:
      return body_bytes(upsert_request(rows), base64);
    case BulkOperation::Update:
      return body_bytes(update_request(rows), base64);
    case BulkOperation::Delete:
      break;
  }
  return codec::encode(delete_request(rows)).size();
}

void hold_the_properties(unsigned seed) {
  RandomRecords random(seed);
  const auto operation = static_cast<BulkOperation>(random.up_to(3));
  const bool base64 = random.up_to(1) == 1;
  const std::size_t dimension = 1 + random.up_to(20);
  Rows rows;
  std::vector<RowSizes> sizes;
  core::Buffer scratch;
  for (std::size_t i = random.up_to(40); i > 0; --i) {
    auto record = random.record(i, dimension, operation);
    if (operation == BulkOperation::Delete) record = BulkRecord(record.id());
    rows.emplace_back(std::move(record));
    sizes.push_back(rows.back().sizes(base64, scratch));
  }
  const BatchLimits limits{1 + random.up_to(9), 60 + random.up_to(1500)};
  const auto batches = plan(sizes, limits, operation);

  std::size_t at = 0;
  for (std::size_t number = 0; number < batches.size(); ++number) {
    const std::size_t count = batches[number];
    ASSERT_GT(count, 0U);
    ASSERT_LE(count, rows.size());
    EXPECT_LE(count, limits.rows);
    BatchSize size(operation);
    for (std::size_t i = at; i < at + count; ++i) size.add(sizes[i]);
    EXPECT_EQ(size.bytes(), encoded_bytes(take_first(rows, count), operation, base64));
    if (count > 1) {
      EXPECT_LE(size.bytes(), limits.bytes);
    }
    at += count;
    // The next row would not have fitted.
    if (number + 1 < batches.size()) {
      EXPECT_FALSE(size.fits(sizes[at], limits));
    }
  }
  EXPECT_TRUE(rows.empty());  // Each row is in exactly one batch, in order.
}

TEST(Planner, HoldsItsPropertiesOverRandomRecords) {
  const unsigned rounds = test::sanitized ? 200 : 2000;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    hold_the_properties(seed);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(Planner, SizesOfBlocksAreThoseOfRecords) {
  const auto block = std::make_shared<const UpsertRequest>(
      UpsertRequest({"a", "b"}, Embeddings({1.5F, 2.0F, 0.1F, -0.0F}, 2)).documents({"x", std::nullopt}));
  Rows rows;
  rows.emplace_back(block, 0);
  rows.emplace_back(block, 1);
  const auto request = upsert_request(rows);
  EXPECT_EQ(request, *block);
  EXPECT_EQ(&(*request.embeddings())[0][0], &(*block->embeddings())[0][0]) << "the floats were copied";
}

TEST(Planner, RequestsDoNotCopyTheFloatsOfRecords) {
  Rows rows;
  rows.emplace_back(BulkRecord("a"));
  rows.emplace_back(BulkRecord("b", {1.0F, 2.0F}));
  const auto request = update_request(rows);
  ASSERT_TRUE(request.embeddings());
  EXPECT_FALSE(request.embeddings()->has_row(0));
  EXPECT_EQ((*request.embeddings())[1].data(), rows.back().embedding()->data());
}

}  // namespace
}  // namespace chroma::bulk
