#include "unit/search/text.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

// The Rust crate sends all of these: invalid UTF-8 unchanged, and numbers that are not finite as null.
namespace chroma {
namespace {

using Change = std::function<void(Schema&)>;

std::string refused(const Change& change) {
  Schema schema;
  change(schema);
  return refusal([&] { schema.validate(); });
}

auto& vector_config(Schema& schema) {
  return schema.keys.at("#embedding").float_list->vector_index->config;
}

const std::string vector_place = "schema.keys[\"#embedding\"].float_list.vector_index.config.";
const std::string no_utf8 = "\xff";

TEST(ValidateSchema, ASchemaOfTheBuildersIsSent) {
  EXPECT_EQ(refused([](Schema&) {}), "sent");
  for (const auto kind : {Schema::VectorIndexKind::Hnsw, Schema::VectorIndexKind::Spann}) {
    EXPECT_EQ(refused([&](Schema& s) { s = Schema::new_default(kind); }), "sent");
  }
  EXPECT_EQ(refused([](Schema& s) { s.unknown["later"] = R"({"a":[1,null]})"; }), "sent");
  EXPECT_EQ(refused([](Schema& s) { s.with_cmek(Cmek::gcp("not for the client to judge")); }), "sent");
}

TEST(ValidateSchema, ASchemaFromAServerIsSentAgain) {
  EXPECT_EQ(refused([](Schema& s) {
              s = codec::decode<Schema>(
                  R"({"defaults":{"later":[1]},"keys":{"k":{"int":{"int_inverted_index":{"enabled":true,)"
                  R"("config":{"x":"\u00e4"}}}}},"cmek":{"aws":{}},"later":null})");
            }),
            "sent");
}

TEST(ValidateSchema, TextsMustBeUtf8) {
  EXPECT_EQ(refused([](Schema& s) { s.create_index(no_utf8, IntInvertedIndexConfig()); }),
            "schema.keys: a key is not valid UTF-8");
  EXPECT_EQ(refused([](Schema& s) { vector_config(s).source_key = no_utf8; }),
            vector_place + "source_key: is not valid UTF-8");
  EXPECT_EQ(refused([](Schema& s) {
              vector_config(s).embedding_function = EmbeddingFunctionConfiguration::known(no_utf8, "{}");
            }),
            vector_place + "embedding_function.name: is not valid UTF-8");
  EXPECT_EQ(refused([](Schema& s) {
              SparseVectorIndexConfig config;
              config.source_key = no_utf8;
              s.create_index("words", config);
            }),
            "schema.keys[\"words\"].sparse_vector.sparse_vector_index.config.source_key: is not valid UTF-8");
  EXPECT_EQ(refused([](Schema& s) { s.with_cmek(Cmek::gcp(no_utf8)); }),
            "schema.cmek.gcp: is not valid UTF-8");
  EXPECT_EQ(refused([](Schema& s) { s.source_attached_function_id = no_utf8; }),
            "schema.source_attached_function_id: is not valid UTF-8");
  EXPECT_EQ(refused([](Schema& s) { s.defaults.unknown[no_utf8] = "1"; }),
            "schema.defaults: a key is not valid UTF-8");
}

TEST(ValidateSchema, SettingsOfAFunctionMustBeUtf8) {
  EXPECT_NE(
      unreadable([] { static_cast<void>(EmbeddingFunctionConfiguration::known("n", "{\"a\":\"\xff\"}")); }),
      "read");
}

TEST(ValidateSchema, NumbersMustBeFinite) {
  EXPECT_EQ(refused([](Schema& s) {
              vector_config(s).hnsw.emplace().resize_factor = std::numeric_limits<double>::quiet_NaN();
            }),
            vector_place + "hnsw.resize_factor: is NaN");
  EXPECT_EQ(refused([](Schema& s) {
              vector_config(s).spann.emplace().write_rng_epsilon = -std::numeric_limits<float>::infinity();
            }),
            vector_place + "spann.write_rng_epsilon: is -infinity");
}

TEST(ValidateSchema, NoMemberIsSentTwice) {
  EXPECT_EQ(refused([](Schema& s) { s.defaults.string->fts_index->unknown["enabled"] = "true"; }),
            "schema.defaults.string.fts_index.enabled: is set and is also one of the unknown keys");
  EXPECT_EQ(refused([](Schema& s) { vector_config(s).unknown["space"] = R"("new")"; }), "sent");
}

TEST(ValidateSchema, UnknownKeysMustBeJson) {
  const auto refused_with = [](const Change& change, const std::string& place) {
    const auto text = refused(change);
    EXPECT_EQ(text.rfind(place + ": is not JSON: ", 0), 0U) << text;
  };
  refused_with([](Schema& s) { s.unknown["x"] = "1,\"y\":2"; }, "schema.x");
  refused_with([](Schema& s) { s.unknown["x"] = ""; }, "schema.x");
  refused_with([](Schema& s) { vector_config(s).unknown["x"] = "nul"; }, vector_place + "x");
  refused_with([](Schema& s) { vector_config(s).spann.emplace().unknown["x"] = "\"\xff\""; },
               vector_place + "spann.x");
  refused_with([](Schema& s) { s.defaults.string->fts_index->unknown["x"] = "{"; },
               "schema.defaults.string.fts_index.x");
  refused_with([](Schema& s) { s.with_cmek(Cmek::other({{"aws", "]"}})); }, "schema.cmek.aws");
  refused_with(
      [](Schema& s) {
        vector_config(s).embedding_function = EmbeddingFunctionConfiguration::other({{"type", "x"}});
      },
      vector_place + "embedding_function.type");
}

}  // namespace
}  // namespace chroma
