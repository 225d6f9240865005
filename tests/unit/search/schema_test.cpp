#include "unit/search/text.hpp"

#include <gtest/gtest.h>

namespace chroma {
namespace {

template <class Build>
std::string build_error(Build build) {
  try {
    build();
  } catch (const ChromaHttpClientError& error) {
    if (const auto* fault = error.get_if<SchemaBuilderError>()) return fault->message;
    return error.what();
  }
  return "built";
}

TEST(Schema, BuildersChainOnVariablesAndTemporaries) {
  Schema named;
  named.create_index("category", StringInvertedIndexConfig())
      .delete_index(std::nullopt, IntInvertedIndexConfig());
  const auto chained = Schema()
                           .create_index("category", StringInvertedIndexConfig())
                           .delete_index(std::nullopt, IntInvertedIndexConfig());
  EXPECT_EQ(named, chained);
  EXPECT_TRUE(named.keys.at("category").string->string_inverted_index->enabled);
  EXPECT_FALSE(named.defaults.int_->int_inverted_index->enabled);
}

TEST(Schema, SpaceSetsTheDistanceOnly) {
  VectorIndexConfig vectors;
  vectors.hnsw.emplace().ef_search = 200;
  Schema schema = Schema().create_index(std::nullopt, vectors);
  EXPECT_EQ(&schema.space(Space::Cosine), &schema);
  vectors.space = Space::Cosine;
  EXPECT_EQ(schema, Schema().create_index(std::nullopt, vectors));
  EXPECT_EQ(Schema().space(Space::Ip).defaults.float_list->vector_index->config.space, Space::Ip);
  Schema expected;
  expected.defaults.float_list->vector_index->config.space = Space::Ip;
  expected.keys.at("#embedding").float_list->vector_index->config.space = Space::Ip;
  EXPECT_EQ(Schema().space(Space::Ip), expected);
  VectorIndexConfig distance;
  distance.space = Space::Ip;
  EXPECT_EQ(Schema::empty().space(Space::Ip), Schema::empty().create_index(std::nullopt, distance));
}

TEST(Schema, ARefusedStepLeavesTheSchemaAsItWas) {
  Schema schema;
  EXPECT_NE(build_error([&] { schema.create_index("k", VectorIndexConfig()); }), "built");
  EXPECT_NE(build_error([&] { schema.create_index("#k", IntInvertedIndexConfig()); }), "built");
  EXPECT_EQ(schema, Schema());
}

TEST(Schema, OneSparseIndexACollection) {
  Schema schema;
  schema.create_index("words", SparseVectorIndexConfig());
  EXPECT_TRUE(schema.is_sparse_index_enabled());
  EXPECT_EQ(
      build_error([&] { schema.create_index("other", SparseVectorIndexConfig()); }),
      "Only one sparse vector index allowed per collection. Key 'words' already has a sparse vector index. "
      "Remove it first or use that key.");
}

TEST(Schema, ReservedKeysAndUndeletableIndexes) {
  EXPECT_EQ(build_error([] { static_cast<void>(Schema().create_index("#mine", BoolInvertedIndexConfig())); }),
            "Key '#mine' cannot begin with '#'. Keys starting with '#' are reserved for system use.");
  EXPECT_EQ(
      build_error([] { static_cast<void>(Schema().delete_index(std::nullopt, VectorIndexConfig())); }),
      "Vector index deletion not supported. The vector index is always enabled on #embedding. To disable "
      "vector search, disable the collection instead.");
  EXPECT_EQ(build_error([] { static_cast<void>(Schema().delete_index("k", FtsIndexConfig())); }),
            "FTS index deletion is only supported on #document key.");
}

TEST(Schema, FullTextWithoutAnEntryOfTheDocumentDoesNothing) {
  auto schema = Schema::empty();
  schema.create_index("#document", FtsIndexConfig());
  EXPECT_EQ(schema, Schema::empty());
  EXPECT_TRUE(schema.is_fts_enabled());
  EXPECT_FALSE(Schema().delete_index("#document", FtsIndexConfig()).is_fts_enabled());
}

TEST(Schema, TheVectorIndexIsSetInTwoPlaces) {
  VectorIndexConfig config;
  config.space = Space::Cosine;
  config.hnsw.emplace().ef_search = 50;
  const auto schema = Schema().create_index(std::nullopt, config);
  EXPECT_EQ(schema.defaults.float_list->vector_index->config, config);
  EXPECT_FALSE(schema.defaults.float_list->vector_index->enabled);
  config.source_key = "#document";
  EXPECT_EQ(schema.keys.at("#embedding").float_list->vector_index->config, config);
  EXPECT_TRUE(schema.keys.at("#embedding").float_list->vector_index->enabled);
}

TEST(Schema, WithAnEmbeddingFunction) {
  const auto function = EmbeddingFunctionConfiguration::known("mine", R"({"model": "m"})");
  const auto schema = Schema::default_with_embedding_function(function);
  EXPECT_EQ(schema.defaults.float_list->vector_index->config.embedding_function, function);
  EXPECT_EQ(schema.keys.at("#embedding").float_list->vector_index->config.embedding_function, function);
  EXPECT_EQ(json_of(function), R"({"type":"known","name":"mine","config":{"model": "m"}})");
}

TEST(Schema, TheConfigurationOfAFunctionMustBeJson) {
  EXPECT_NE(unreadable([] { static_cast<void>(EmbeddingFunctionConfiguration::known("n", "{")); }), "read");
  EXPECT_NE(unreadable([] { static_cast<void>(EmbeddingFunctionConfiguration::known("n", "{} {}")); }),
            "read");
}

TEST(Schema, DefaultsDoNotNameTheCallersProcessors) {
  EXPECT_EQ(json_of(Schema::new_default(Schema::VectorIndexKind::Hnsw)).find("num_threads"),
            std::string::npos);
}

// The Rust crate cannot read a schema with one of these keys, nor a list of collections that contains it.
TEST(Schema, KeysOfANewerServerAreKeptAtEveryLevel) {
  const std::string text =
      R"({"defaults":{"string":{"fts_index":{"enabled":true,"config":{"algorithm":"token_bitmap"},"since":3},)"
      R"("stemmed":{"enabled":false,"config":{}}},"float_list":{"vector_index":{"enabled":true,"config":)"
      R"({"space":"ip","hnsw":{"ef_search":5,"prune":true},"spann":{"layers":[1,2.50]},"gpu":null}}},)"
      R"("date":{"range":{"enabled":true,"config":{}}}},"keys":{"k":{"sparse_vector":{"sparse_vector_index":)"
      R"({"enabled":true,"config":{"bm25":true,"algorithm":"max_score"}}}}},"owner":"x\u00e4"})";
  const auto schema = codec::decode<Schema>(text);
  EXPECT_EQ(json_of(schema), text);
  EXPECT_EQ(schema.defaults.string->fts_index->config.unknown.at("algorithm"), R"("token_bitmap")");
  EXPECT_EQ(schema.unknown.at("owner"), R"("x\u00e4")");
}

TEST(Schema, AQuantizationOfANewerServerIsKept) {
  const std::string text = R"({"search_nprobe":1,"quantize":"two_bit"})";
  EXPECT_EQ(json_of(codec::decode<SpannIndexConfig>(text)), text);
}

// If one of them were refused, the collection could not be fetched.
TEST(Schema, FunctionsAndProvidersOfANewerServerAreKept) {
  for (const std::string text :
       {R"({"type":"known","name":"n","config":{"a":1},"version":2})", R"({"type":"legacy","since":[1]})",
        R"({"type":"unknown","why":null})", R"({"dims":3,"type":"remote"})"}) {
    EXPECT_EQ(json_of(codec::decode<EmbeddingFunctionConfiguration>(text)), text);
  }
  const auto remote = codec::decode<EmbeddingFunctionConfiguration>(R"({"type":"remote","dims":3})");
  EXPECT_EQ(remote.type(), EmbeddingFunctionConfiguration::Type::Other);
  EXPECT_EQ(remote.unknown_keys().at("dims"), "3");
  for (const std::string text : {R"({"gcp":"x","region":"eu"})", R"({"aws":{"arn":"x"}})"}) {
    EXPECT_EQ(json_of(codec::decode<Cmek>(text)), text);
  }
  EXPECT_EQ(codec::decode<Cmek>(R"({"aws":"x"})").provider(), Cmek::Provider::Other);
  EXPECT_FALSE(codec::decode<Cmek>(R"({"aws":"x"})").validate_pattern());
}

TEST(Schema, FunctionsAndProvidersArePrintedShortly) {
  EXPECT_EQ(printed(EmbeddingFunctionConfiguration::legacy()), "legacy");
  EXPECT_EQ(printed(EmbeddingFunctionConfiguration::unknown()), "unknown");
  EXPECT_EQ(printed(EmbeddingFunctionConfiguration::known("n", "{}")), "n");
  EXPECT_EQ(printed(codec::decode<EmbeddingFunctionConfiguration>(R"({"type":"remote"})")), "\"remote\"");
  EXPECT_EQ(printed(Cmek::gcp("x")), "gcp:x");
  EXPECT_EQ(printed(codec::decode<Cmek>(R"({"aws":"x"})")), "aws:\"x\"");
}

TEST(Schema, BuildersKeepTheUnknownKeysOfAnEntry) {
  const std::string text =
      R"({"defaults":{"float_list":{"vector_index":{"enabled":false,"config":{"gpu":1},"a":1}}},"keys":{)"
      R"("#document":{"string":{"fts_index":{"enabled":false,"config":{"algorithm":"x"},"b":2}}},)"
      R"("#embedding":{"float_list":{"vector_index":{"enabled":true,"config":{"gpu":2},"c":3}}}}})";
  auto schema = codec::decode<Schema>(text);
  FtsIndexConfig fts;
  fts.unknown["algorithm"] = R"("y")";
  schema.create_index(std::nullopt, VectorIndexConfig()).create_index("#document", FtsIndexConfig());
  EXPECT_EQ(schema.defaults.float_list->vector_index->unknown.at("a"), "1");
  EXPECT_EQ(schema.defaults.float_list->vector_index->config.unknown.at("gpu"), "1");
  const auto& embedding = *schema.keys.at("#embedding").float_list->vector_index;
  EXPECT_EQ(embedding.unknown.at("c") + embedding.config.unknown.at("gpu"), "32");
  const auto& document = *schema.keys.at("#document").string->fts_index;
  EXPECT_TRUE(document.enabled);
  EXPECT_EQ(document.unknown.at("b") + document.config.unknown.at("algorithm"), R"(2"x")");
  schema.create_index("#document", fts);
  EXPECT_EQ(document.config.unknown.at("algorithm"), R"("y")");
}

TEST(Schema, TheLastOfSeveralKeysCounts) {
  const auto schema = codec::decode<Schema>(R"({"defaults":{},"keys":{"a":{}},"keys":{"b":{}}})");
  EXPECT_EQ(json_of(schema), R"({"defaults":{},"keys":{"b":{}}})");
}

TEST(Schema, InvalidJsonIsRefusedWithItsLocation) {
  const auto read = [](const char* text) {
    return unreadable([&] { static_cast<void>(codec::decode<Schema>(text)); });
  };
  EXPECT_NE(read(R"({"defaults":{}})").find("keys"), std::string::npos);
  EXPECT_EQ(read(R"({"defaults":{"int":{"int_inverted_index":{"enabled":1,"config":{}}}},"keys":{}})")
                .rfind("/defaults/int/int_inverted_index/enabled: ", 0),
            0U);
  EXPECT_EQ(read(R"({"defaults":{},"keys":{"k":[]}})").rfind("/keys/k: ", 0), 0U);
  EXPECT_NE(read(R"({"defaults":{"bool":{"bool_inverted_index":{"enabled":true}}},"keys":{}})"), "read");
  EXPECT_NE(read(R"({"defaults":{},"keys":{},"cmek":{}})"), "read");
  EXPECT_NE(read(R"({"defaults":{},"keys":{},"cmek":{"gcp":1}})"), "read");
}

TEST(Cmek, IsWrittenWithTheSchema) {
  const std::string resource = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
  auto schema = Schema::empty().with_cmek(Cmek::gcp(resource));
  EXPECT_EQ(json_of(schema), R"({"defaults":{},"keys":{},"cmek":{"gcp":")" + resource + R"("}})");
  EXPECT_TRUE(schema.cmek->validate_pattern());
  for (const auto* bad :
       {"", "projects//locations/l/keyRings/r/cryptoKeys/k", "projects/p/locations/l/keyRings/r/cryptoKeys/",
        "x/projects/p/locations/l/keyRings/r/cryptoKeys/k"}) {
    EXPECT_FALSE(Cmek::gcp(bad).validate_pattern()) << bad;
  }
}

}  // namespace
}  // namespace chroma
