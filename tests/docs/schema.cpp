// Compiles the code of docs/schema.md and tests that it does what the page says.
#include "client/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>
#include <chroma/json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iostream>

namespace asio = boost::asio;

namespace schema_page {
namespace {

asio::awaitable<chroma::ChromaCollection> make_movies(chroma::ChromaHttpClient client) {
  chroma::SparseVectorIndexConfig words;
  words.bm25 = true;

  chroma::Schema schema;
  schema
      .create_index("words", words)                                    // sparse vectors of key "words"
      .create_index("title", chroma::StringInvertedIndexConfig())      // filters on "title"
      .delete_index(std::nullopt, chroma::FloatInvertedIndexConfig())  // no filters on floats ...
      .create_index("rating", chroma::FloatInvertedIndexConfig());     // ... but on "rating"
  co_return co_await client.create_collection("movies", schema);
}

chroma::Schema by_angle() {
  return chroma::Schema().space(chroma::Space::Cosine);
}

chroma::Schema cosine() {
  chroma::VectorIndexConfig vectors;
  vectors.space = chroma::Space::Cosine;
  vectors.hnsw.emplace().ef_search = 200;
  return chroma::Schema().create_index(std::nullopt, vectors);
}

chroma::Schema without_full_text() {
  return chroma::Schema().delete_index("#document", chroma::FtsIndexConfig());
}

chroma::Schema with_function() {
  auto function = chroma::EmbeddingFunctionConfiguration::known("my-model", R"({"dimensions": 384})");
  return chroma::Schema::default_with_embedding_function(function);
}

chroma::Schema encrypted() {
  auto key = chroma::Cmek::gcp("projects/p/locations/l/keyRings/r/cryptoKeys/k");
  if (!key.validate_pattern()) throw std::invalid_argument("not the name of a key");
  return chroma::Schema().with_cmek(key);
}

void explain(chroma::Schema schema) {
  try {
    schema.create_index("year", chroma::VectorIndexConfig());
  } catch (const chroma::ChromaHttpClientError& error) {
    std::cout << error.what() << '\n';
  }
}

void inspect(const chroma::ChromaCollection& movies) {
  if (!movies.schema()) return;
  for (const auto& [key, types] : movies.schema()->keys) {
    if (types.sparse_vector && types.sparse_vector->sparse_vector_index->enabled) {
      std::cout << key << " has sparse vectors\n";
    }
  }
}

using namespace chroma;
using test::printed;

class SchemaPage : public test::ClientTest {};

TEST_F(SchemaPage, MakeMoviesAndInspect) {
  server.respond([](const test::Received& request) {
    const auto schema = nlohmann::json::parse(request.body).at("schema").dump();
    return test::Reply(200, test::collection_json("movies", R"(,"schema":)" + schema));
  });
  const auto movies = run(make_movies(client()));
  const auto schema = nlohmann::json::parse(server.only().body).at("schema");
  EXPECT_EQ(schema.at("keys").at("words").dump(),
            R"({"sparse_vector":{"sparse_vector_index":{"config":{"bm25":true},"enabled":true}}})");
  EXPECT_EQ(schema.at("defaults").at("float").at("float_inverted_index").at("enabled"), false);
  EXPECT_EQ(schema.at("keys").at("rating").at("float").at("float_inverted_index").at("enabled"), true);
  EXPECT_EQ(printed([&] { inspect(movies); }), "words has sparse vectors\n");
}

TEST_F(SchemaPage, AnInvalidSchemaIsNotSent) {
  Schema schema;
  schema.create_index("words\xff", StringInvertedIndexConfig());
  const std::string refusal = "create_collection: Validation error: schema.keys: a key is not valid UTF-8";
  EXPECT_EQ(fail(client().create_collection("movies", schema)).what(), refusal);
  EXPECT_EQ(fail(client().get_or_create_collection("movies", schema)).what(), "get_or_" + refusal);
  EXPECT_TRUE(server.received().empty());
}

TEST(SchemaPageBuilders, Vectors) {
  const auto config =
      nlohmann::json(cosine()).at("keys").at("#embedding").at("float_list").at("vector_index").at("config");
  EXPECT_EQ(config.dump(), R"({"hnsw":{"ef_search":200},"source_key":"#document","space":"cosine"})");
  EXPECT_EQ(by_angle().defaults.float_list->vector_index->config.space, Space::Cosine);
}

TEST(SchemaPageBuilders, FullText) {
  EXPECT_TRUE(Schema().is_fts_enabled());
  EXPECT_FALSE(without_full_text().is_fts_enabled());
}

TEST(SchemaPageBuilders, FunctionsAndKeys) {
  const auto config = with_function().keys.at("#embedding").float_list->vector_index->config;
  EXPECT_EQ(config.embedding_function->name(), "my-model");
  EXPECT_TRUE(encrypted().cmek->validate_pattern());
}

TEST(SchemaPageBuilders, Refusals) {
  EXPECT_EQ(printed([] { explain(Schema()); }),
            "Vector index must be configured globally using create_index(None, config), not on specific key "
            "'year'\n");
}

}  // namespace
}  // namespace schema_page
