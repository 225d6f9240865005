// Decoding a response and using it takes time and memory in proportion to the bytes received, whatever the
// form of the response. Both are counted instead of timed.
#include "codec/collection.hpp"
#include "codec/decode_error.hpp"
#include "codec/records.hpp"
#include "codec/system.hpp"
#include "counting.hpp"
#include "shapes.hpp"

#include <chroma/error.hpp>
#include <chroma/responses.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

namespace chroma {
namespace {

/// The largest number of bytes of memory for each byte of text.
struct Factor {
  std::size_t peak;       ///< Held at once.
  std::size_t allocated;  ///< Allocated in total, including freed blocks.
};

// Records: the shortest element of a column is "[]," or "{},", and its place in the column has up to 64
// bytes. A vector that grows holds up to three times its elements for a moment, and has taken up to four
// times.
constexpr Factor records{64, 88};
// Collections: a key of a schema, '"0":{},' at the shortest, has all the value types with their indexes.
constexpr Factor collections{128, 136};
// Lists: an item of two bytes that cannot be read makes an error, whose words are freed again.
constexpr Factor lists{32, 400};
// Other texts, and those of small responses.
constexpr Factor texts{32, 40};

// Memory that does not depend on the length of the text: texts of errors, streams.
constexpr std::size_t constant = 8192;

using Use = std::function<void(std::string_view text)>;
using Text = std::function<std::string(std::size_t bytes)>;

void expect_linear(std::string_view name, const Text& text, const Use& use, Factor factor) {
  SCOPED_TRACE(name);
  std::vector<double> steps_per_byte;
  // The growth of a vector costs most just above a power of two. With these sizes one of the runs is close to
  // that.
  for (const std::size_t bytes : {5'000U, 7'000U, 40'000U}) {
    const std::string response = text(bytes);
    const counting::Counter counter;
    use(response);
    const counting::Cost cost = counter.cost();
    EXPECT_LE(cost.peak, response.size() * factor.peak + constant) << response.size();
    EXPECT_LE(cost.allocated, response.size() * factor.allocated + constant) << response.size();
    EXPECT_GT(cost.steps, 0U);
    steps_per_byte.push_back(static_cast<double>(cost.steps) / static_cast<double>(response.size()));
  }
  // Sorting and maps take steps in proportion to the logarithm as well.
  EXPECT_LE(steps_per_byte.back(), 1.5 * steps_per_byte.front());
}

void expect_linear(const std::vector<linear::Shape>& shapes, const Use& use, Factor factor) {
  for (const auto& shape : shapes) {
    expect_linear(
        shape.name, [&](std::size_t bytes) { return shape.text(bytes); }, use, factor);
  }
}

// A text that is refused with an error counts as read.
template <class T>
void decode(std::string_view text) try {
  static_cast<void>(codec::decode<T>(text));
} catch (const ChromaHttpClientError&) {
  return;
}

TEST(LinearTest, DecodingRecords) {
  expect_linear(linear::get_shapes(), decode<GetResponse>, records);
  expect_linear(linear::query_shapes(), decode<QueryResponse>, records);
  expect_linear(linear::search_shapes(), decode<SearchResponse>, records);
  expect_linear(linear::unknown_shapes(), decode<DeleteResponse>, records);
}

TEST(LinearTest, DecodingCollections) {
  expect_linear(linear::collection_shapes(), decode<Collection>, collections);
  expect_linear(linear::collection_list_shapes(), decode<codec::CollectionList>, lists);
}

TEST(LinearTest, DecodingSmallResponses) {
  for (const Use& use :
       {Use(decode<HeartbeatResponse>), Use(decode<PreFlightChecks>), Use(decode<HealthcheckResponse>),
        Use(decode<IndexStatusResponse>), Use(decode<Tenant>), Use(decode<codec::ForkCount>),
        Use(decode<GetUserIdentityResponse>), Use(decode<std::uint32_t>), Use(decode<std::string>)}) {
    expect_linear(linear::unknown_shapes(), use, texts);
  }
  expect_linear(linear::database_shapes(), decode<std::vector<Database>>, texts);
  expect_linear(linear::identity_shapes(), decode<GetUserIdentityResponse>, texts);
}

TEST(LinearTest, DecodingErrors) {
  expect_linear(
      linear::error_shapes(),
      [](std::string_view text) { static_cast<void>(codec::decode_error(500, text)); }, texts);
}

std::string repeated(std::string_view item, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.append(i > 0 ? "," : "").append(item);
  return text;
}

// Records whose columns have equal lengths, so that they can be sorted and iterated: a long row, then empty
// rows.
std::string records_text(std::size_t bytes) {
  const std::size_t count = bytes / 24;
  std::string ids;
  for (std::size_t i = 0; i < count; ++i)
    ids.append(i > 0 ? ",\"" : "\"").append(std::to_string(i * 7919 % count)) += '"';
  return R"("ids":[)" + ids + R"(],"embeddings":[[)" + repeated("0", count) + "]," +
         repeated("[]", count - 1) + R"(],"documents":[)" + repeated(R"("")", count) + R"(],"metadatas":[)" +
         repeated("null", count) + "]";
}

// The same records as the columns of one query.
std::string nested_text(std::size_t bytes) {
  std::string text = records_text(bytes);
  for (std::size_t at = 0; (at = text.find(":[", at)) != std::string::npos; at += 3) text.insert(at + 1, "[");
  for (std::size_t at = 0; (at = text.find("],\"", at)) != std::string::npos; at += 4)
    text.insert(at + 1, "]");
  return text + "]";
}

template <class Response>
void use_all(std::string_view text) {
  auto response = codec::decode<Response>(text);
  response.sort_by_ids();
  const Response copy = response;
  EXPECT_TRUE(copy == response);
  std::size_t values = 0;
  for (const auto& row : response.rows()) values += row.embedding ? row.embedding->size() : 0;
  EXPECT_EQ(values, response.rows().size());
  std::ostringstream out;
  out << response;
}

TEST(LinearTest, UsingRecords) {
  // The response, its copy, and the sorted columns.
  constexpr Factor factor{32, 64};
  expect_linear(
      "get", [](std::size_t bytes) { return "{" + records_text(bytes) + "}"; }, use_all<GetResponse>, factor);
  expect_linear(
      "query", [](std::size_t bytes) { return "{" + nested_text(bytes) + "}"; }, use_all<QueryResponse>,
      factor);
  expect_linear(
      "search", [](std::size_t bytes) { return "{" + nested_text(bytes) + "}"; }, use_all<SearchResponse>,
      factor);
}

}  // namespace
}  // namespace chroma
