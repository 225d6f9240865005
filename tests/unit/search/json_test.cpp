#include <chroma/json.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cfenv>
#include <limits>
#include <random>

namespace chroma {
namespace {

using Json = nlohmann::json;

/// Converts the value to JSON and back, directly and through JSON text.
template <class T>
void expect_round_trip(const T& value, const std::string& form) {
  const Json json = value;
  EXPECT_EQ(json, Json::parse(form)) << json.dump();
  EXPECT_EQ(json.get<T>(), value) << json.dump();
  EXPECT_EQ(Json::parse(json.dump()).get<T>(), value);
}

TEST(Json, MetadataKeepsIntegersAndFloatsApart) {
  const Metadata metadata{
      {"i", 2}, {"f", 2.0}, {"big", 9007199254740993}, {"s", "x"}, {"a", std::vector<int>{1, 2}}};
  const Json json = metadata;
  EXPECT_EQ(json.dump(), R"({"a":[1,2],"big":9007199254740993,"f":2.0,"i":2,"s":"x"})");
  EXPECT_EQ(json.get<Metadata>(), metadata);
  EXPECT_EQ(Json(UpdateMetadata{{"k", nullptr}}).dump(), R"({"k":null})");
  EXPECT_TRUE(Json::parse(R"({"k":null})").get<UpdateMetadata>().at("k").is_null());
}

TEST(Json, NumbersDoNotFollowTheRoundingMode) {
  const Embeddings embeddings({{0.1F, 123456.789F, 1e-7F}});
  const Json expected = embeddings;
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    std::fesetround(mode);
    const Json json = embeddings;
    const auto back = json.get<Embeddings>();
    EXPECT_EQ(std::fegetround(), mode);
    std::fesetround(FE_TONEAREST);
    EXPECT_EQ(json, expected);
    EXPECT_EQ(back, embeddings);
  }
}

TEST(Json, ValuesHaveTheirWireForm) {
  expect_round_trip(MetadataValue(true), "true");
  expect_round_trip(SparseVector({1}, {0.1F}),
                    R"({"#type":"sparse_vector","indices":[1],"values":[0.1],"tokens":null})");
  expect_round_trip(Where(Key("a") == 1), R"({"a":{"$eq":1}})");
  expect_round_trip(Key(Key::Score), R"("#score")");
  expect_round_trip(Include::Uri, R"("uris")");
  expect_round_trip(IncludeList::default_get(), R"(["documents","metadatas"])");
  expect_round_trip(Embeddings({{1, 2}, {3, 4}}), "[[1.0,2.0],[3.0,4.0]]");
  expect_round_trip(ReadLevel::IndexOnly, R"("index_only")");
  expect_round_trip(Space::Cosine, R"("cosine")");
}

TEST(Json, RequestsHaveTheirWireForm) {
  expect_round_trip(GetRequest().where(Key("a") == 1).limit(3),
                    R"({"where":{"a":{"$eq":1}},"where_document":null,"ids":null,"limit":3,"offset":0,)"
                    R"("include":["documents","metadatas"]})");
  expect_round_trip(
      AddRequest({"a"}, {{1, 2}}).documents({"d"}),
      R"({"ids":["a"],"embeddings":[[1.0,2.0]],"documents":["d"],"uris":null,"metadatas":null})");
}

TEST(Json, SearchesHaveTheirWireForm) {
  const RankExpr rank = 0.7 * Knn(std::vector<float>{0.1F});
  expect_round_trip(rank, R"({"$mul":[{"$val":0.7},{"$knn":{"query":[0.1],"key":"#embedding","limit":16,)"
                          R"("default":null,"return_rank":false}}]})");
  expect_round_trip(GroupBy(Key("c"), Aggregate::min_k(Key::Score, 3)),
                    R"({"keys":["c"],"aggregate":{"$min_k":{"keys":["#score"],"k":3}}})");
  expect_round_trip(SearchRequest({SearchPayload().rank(rank)}),
                    Json(SearchRequest({SearchPayload().rank(rank)})).dump());
}

TEST(Json, SchemasHaveTheirWireForm) {
  expect_round_trip(Index<FtsIndexConfig>(true, FtsIndexConfig()), R"({"enabled":true,"config":{}})");
  expect_round_trip(Cmek::gcp("x"), R"({"gcp":"x"})");
  expect_round_trip(EmbeddingFunctionConfiguration::known("n", R"({"a":1})"),
                    R"({"type":"known","name":"n","config":{"a":1}})");
  expect_round_trip(Schema(), Json(Schema()).dump());
  const auto kept = Json::parse(R"({"defaults":{},"keys":{},"later":[1,{"x":2.0}]})");
  EXPECT_EQ(Json(kept.get<Schema>()), kept);
}

TEST(Json, ResponsesHaveTheirWireForm) {
  expect_round_trip(HeartbeatResponse{7}, R"({"nanosecond heartbeat":7})");
  const auto response = Json::parse(
      R"({"ids":["a"],"embeddings":[[0.1,0.2]],"documents":[null],"uris":null,"metadatas":null,"include":["embeddings"]})");
  EXPECT_EQ(Json(response.get<GetResponse>()), response);
}

TEST(Json, EveryF32IsRestoredExactly) {
  std::mt19937 engine(5);
  std::vector<float> values{std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::max(),
                            -0.0F, 0.1F};
  while (values.size() < 20'000) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(engine()));
    if (std::abs(value) <= std::numeric_limits<float>::max()) values.push_back(value);
  }
  const auto dimension = values.size();
  const auto read = Json::parse(Json(Embeddings(values, dimension)).dump()).get<Embeddings>();
  ASSERT_EQ(read.dimension(), dimension);
  for (std::size_t i = 0; i < dimension; ++i) {
    ASSERT_EQ(std::bit_cast<std::uint32_t>(read[0][i]), std::bit_cast<std::uint32_t>(values[i])) << values[i];
  }
}

template <class T>
std::string fault(const Json& json) {
  try {
    static_cast<void>(json.get<T>());
  } catch (const ChromaHttpClientError& error) {
    if (const auto* serde = error.get_if<SerdeError>()) return serde->path;
    return error.what();
  }
  return "read";
}

TEST(Json, JsonOfAnotherFormIsRefusedWithItsLocation) {
  EXPECT_EQ(fault<Metadata>(Json::array()), "");
  EXPECT_EQ(fault<Metadata>({{"k", {{"x", 1}}}}).rfind("/k", 0), 0U);
  EXPECT_EQ(fault<SearchPayload>({{"limit", {{"limit", -1}}}}), "/limit/limit");
  EXPECT_EQ(fault<Include>("nothing"), "");
  EXPECT_EQ(fault<Where>(Json::object()).rfind("Invalid where clause", 0), 0U);
  // A text that nlohmann/json accepts but cannot print.
  EXPECT_EQ(fault<Key>("\xff"), "");
}

TEST(Json, AFilterThatCannotBeReadIsAnInvalidWhere) {
  try {
    static_cast<void>(Json::parse(R"({"filter":{"a":null}})").get<SearchPayload>());
    FAIL() << "the filter was read";
  } catch (const ChromaHttpClientError& error) {
    EXPECT_TRUE(error.is<InvalidWhere>()) << error.what();
  }
}

// nlohmann/json prints by recursion, so deep values must be refused before that.
TEST(Json, DepthIsNoDanger) {
  const auto nested = [](std::size_t levels) {
    return Json::parse(std::string(levels, '[') + std::string(levels, ']'));
  };
  EXPECT_EQ(fault<Metadata>(nested(200'000)), "");
  EXPECT_EQ(fault<Where>(nested(129)), "");
  Schema schema;
  schema.unknown["x"] = std::string(127, '[') + std::string(127, ']');
  EXPECT_EQ(Json(schema).get<Schema>(), schema);
}

TEST(Json, TextsThatAreNotUtf8AreRefused) {
  EXPECT_THROW(static_cast<void>(Json(MetadataValue("\xff"))), ChromaHttpClientError);
}

}  // namespace
}  // namespace chroma
