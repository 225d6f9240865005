// Tenants, databases and collections of the fake server.
#include "testing/fixture.hpp"

namespace chroma::test {
namespace {

using FakeCollections = FakeServerTest;

TEST_F(FakeCollections, System) {
  EXPECT_GT(run(client.heartbeat()).nanosecond_heartbeat, 1'600'000'000'000'000'000U);
  EXPECT_EQ(run(client.version()), "1.0.0");
  EXPECT_EQ(run(client.pre_flight_checks()).max_batch_size, 5461U);
  EXPECT_TRUE(run(client.pre_flight_checks()).supports_base64_encoding);
  EXPECT_TRUE(run(client.healthcheck()).is_executor_ready);
  EXPECT_EQ(run(client.get_auth_identity()).databases, std::vector<std::string>{"default_database"});
}

TEST_F(FakeCollections, TenantAndDatabaseAreFoundOut) {
  auto options = server.options();
  options.tenant_id.reset();
  options.database_name.reset();
  const ChromaHttpClient asking(runtime.executor(), options);
  EXPECT_EQ(run(asking.count_collections()), 0U);
  EXPECT_GE(server.calls("get_auth_identity"), 1U);
}

TEST_F(FakeCollections, TenantsAndDatabases) {
  run(client.create_tenant("acme"));
  EXPECT_EQ(run(client.get_tenant("acme")).name, "acme");
  EXPECT_EQ(fail(client.create_tenant("acme")).status(), 409);
  EXPECT_EQ(fail(client.get_tenant("other")).status(), 404);

  run(client.create_database("archive"));
  EXPECT_EQ(run(client.get_database("archive")).name, "archive");
  EXPECT_EQ(run(client.list_databases()).size(), 2U);
  const auto twice = fail(client.create_database("archive"));
  EXPECT_EQ(twice.status(), 409);
  EXPECT_EQ(twice.get_if<ApiError>()->name, "ChromaError");
  EXPECT_EQ(twice.get_if<ApiError>()->message, "Database [archive] already exists");

  client.set_database_name("archive");
  run(client.create_collection("books"));
  run(client.delete_database("archive"));
  EXPECT_EQ(run(client.count_collections()), 0U);
  EXPECT_EQ(fail(client.create_collection("books")).status(), 400);
}

TEST_F(FakeCollections, CreateGetListModifyDelete) {
  const Metadata metadata{{"n", 1}, {"x", 2.0}};
  auto one = run(client.create_collection("one", std::nullopt, metadata));
  EXPECT_EQ(*one.metadata(), metadata);
  EXPECT_EQ(fail(client.create_collection("one")).get_if<ApiError>()->message,
            "Collection [one] already exists");
  EXPECT_EQ(run(client.get_or_create_collection("one")).id(), one.id());
  EXPECT_EQ(run(client.get_collection_by_id(one.id())).name(), "one");
  EXPECT_EQ(fail(client.get_collection_by_id("no-uuid")).status(), 400);
  EXPECT_EQ(fail(client.create_collection("a..b")).status(), 400);

  run(client.create_collection("two"));
  run(one.modify("first", Metadata{{"k", "v"}}));
  EXPECT_EQ(*run(client.get_collection("first")).metadata(), (Metadata{{"k", "v"}}));
  EXPECT_EQ(fail(one.modify("two")).status(), 500);
  EXPECT_EQ(run(client.count_collections()), 2U);
  EXPECT_EQ(run(client.list_collections(10)).size(), 2U);
  EXPECT_EQ(run(client.list_collections(10, 1)).at(0).name(), "two");

  run(client.delete_collection("first"));
  EXPECT_EQ(fail(client.get_collection("first")).status(), 404);
  EXPECT_EQ(fail(one.count()).status(), 404);
}

TEST_F(FakeCollections, TheSchemaDecidesSpaceAndIndexes) {
  VectorIndexConfig index;
  index.space = Space::Cosine;
  Schema schema;
  schema.create_index(std::nullopt, index).delete_index("secret", StringInvertedIndexConfig());
  const auto made = run(client.create_collection("with-schema", schema));
  ASSERT_TRUE(made.schema().has_value());
  EXPECT_EQ(made.schema()->keys.count("secret"), 1U);

  run(made.add(AddRequest({"a", "b"}, {{1.0F, 0.0F}, {3.0F, 3.0F}})));
  const auto found = run(made.query(QueryRequest({{2.0F, 2.0F}}).n_results(1)));
  EXPECT_EQ(found.ids.at(0).at(0), "b");
  EXPECT_NEAR(*found.distances->at(0).at(0), 0.0F, 1e-6F);
  EXPECT_EQ(fail(made.get(GetRequest().where(Key("secret") == "x"))).get_if<ApiError>()->message,
            "Cannot filter using metadata key 'secret' with type 'Str' because indexing is disabled");
}

TEST_F(FakeCollections, MetadataOfRecordsBecomesKnownToTheSchema) {
  const auto collection = books();
  run(collection.add(AddRequest({"a"}, {{1.0F}}).metadatas({Metadata{{"year", 1965}}})));
  const auto known = run(client.get_collection("books"));
  ASSERT_EQ(known.schema()->keys.count("year"), 1U);
  EXPECT_TRUE(known.schema()->keys.at("year").int_.has_value());
}

TEST_F(FakeCollections, ResetForgetsData) {
  run(client.create_collection("one"));
  EXPECT_TRUE(run(client.reset()));
  EXPECT_EQ(run(client.count_collections()), 0U);
}

TEST_F(FakeCollections, WhatASingleNodeServerLacks) {
  const auto collection = books();
  EXPECT_EQ(fail(collection.search(SearchPayload().limit(1))).status(), 501);
  EXPECT_EQ(fail(collection.fork("copy")).status(), 501);
  EXPECT_EQ(fail(collection.fork_count()).status(), 501);
  EXPECT_EQ(fail(collection.get_indexing_status()).status(), 500);
}

}  // namespace
}  // namespace chroma::test
