// Operations of the client, and the limits of a Chroma server.
#include "integration/real_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>

namespace chroma::test {
namespace {

using Client = RealServerTest;

TEST_F(Client, System) {
  EXPECT_GT(run(client.heartbeat()).nanosecond_heartbeat, 1'600'000'000'000'000'000U);
  EXPECT_FALSE(run(client.version()).empty());
  const auto checks = run(client.pre_flight_checks());
  EXPECT_GT(checks.max_batch_size, 0U);
  EXPECT_TRUE(checks.supports_base64_encoding);
  EXPECT_TRUE(run(client.healthcheck()).is_executor_ready);
  EXPECT_EQ(run(client.get_auth_identity()).tenant, "default_tenant");
}

TEST_F(Client, TenantAndDatabaseAreResolved) {
  auto options = real_options();
  options.tenant_id.reset();
  options.database_name.reset();
  const ChromaHttpClient asking(runtime.executor(), options);
  EXPECT_EQ(run(asking.get_tenant_id()), "default_tenant");
  EXPECT_EQ(run(asking.get_database_name()), "default_database");
}

TEST_F(Client, Tenants) {
  const auto name = fresh_name("tenant");
  run(client.create_tenant(name));
  EXPECT_EQ(run(client.get_tenant(name)).name, name);
  EXPECT_EQ(fail(client.create_tenant(name)).status(), 409);
  EXPECT_EQ(fail(client.get_tenant(fresh_name("none"))).status(), 404);
}

TEST_F(Client, Databases) {
  EXPECT_EQ(run(client.get_database(database)).name, database);
  bool listed = false;
  for (const auto& one : run(client.list_databases())) listed = listed || one.name == database;
  EXPECT_TRUE(listed);
  EXPECT_EQ(fail(client.create_database(database)).status(), 409);
  const auto missing = fail(client.delete_database("not/there"));
  EXPECT_EQ(missing.status(), 404);
  EXPECT_EQ(missing.get_if<ApiError>()->name, "NotFoundError");
  // The server does not trace requests, so it sends an id of zeros, which is not reported.
  EXPECT_TRUE(missing.get_if<ApiError>()->trace_id.empty());
}

TEST_F(Client, Collections) {
  Metadata metadata;
  metadata["n"] = 1;
  metadata["x"] = 2.0;
  auto one = run(client.create_collection("one", std::nullopt, metadata));
  EXPECT_EQ(*one.metadata(), metadata);
  EXPECT_TRUE(one.schema().has_value());
  EXPECT_EQ(fail(client.create_collection("one")).status(), 409);
  EXPECT_EQ(run(client.get_or_create_collection("one")).id(), one.id());
  EXPECT_EQ(run(client.get_collection_by_id(one.id())).name(), "one");
  EXPECT_EQ(fail(client.get_collection_by_id("no-uuid")).status(), 400);

  Metadata other;
  other["k"] = "v";
  run(one.modify("first", other));
  const auto again = run(client.get_collection("first"));
  EXPECT_EQ(*again.metadata(), other);

  run(client.create_collection("two"));
  EXPECT_EQ(run(client.count_collections()), 2U);
  EXPECT_EQ(run(client.list_collections(10)).size(), 2U);
  EXPECT_EQ(run(client.list_collections(10, 1)).size(), 1U);
  EXPECT_EQ(fail(client.delete_collection("../../" + database)).status(), 404);
  run(client.delete_collection("first"));
  EXPECT_EQ(fail(client.get_collection("first")).status(), 404);
  EXPECT_EQ(run(client.get_database(database)).name, database);
}

TEST_F(Client, TheServerAcceptsASchema) {
  Schema schema;
  schema.create_index("category", StringInvertedIndexConfig())
      .create_index(std::nullopt, VectorIndexConfig());
  const auto made = run(client.create_collection("with-schema", schema));
  ASSERT_TRUE(made.schema().has_value());
  EXPECT_EQ(made.schema()->keys.count("category"), 1U);
}

TEST_F(Client, ResetIsRefusedUnlessAllowed) {
  EXPECT_EQ(fail(client.reset()).status(), 403);
  const ChromaHttpClient allowed(runtime.executor(), real_options("CHROMA_TEST_RESET_ENDPOINT"));
  run(allowed.get_or_create_collection("gone-soon"));
  EXPECT_TRUE(run(allowed.reset()));
  EXPECT_EQ(run(allowed.count_collections()), 0U);
}

TEST_F(Client, PayloadTooLarge) {
  const ChromaHttpClient limited(runtime.executor(), real_options("CHROMA_TEST_LIMITED_ENDPOINT"));
  const auto name = fresh_name("large");
  const auto collection = run(limited.create_collection(name));
  const std::vector<float> values(400'000, 0.5F);
  const auto error = fail(collection.add(AddRequest({"a"}, Embeddings::row(values))));
  EXPECT_EQ(error.status(), 413) << error.what();
  EXPECT_FALSE(error.is_retryable());
  // The next call works, whether or not the server closed the connection.
  EXPECT_EQ(run(collection.count()), 0U);
  run(limited.delete_collection(name));
}

TEST_F(Client, RateLimitsAreRetried) {
  auto options = real_options("CHROMA_TEST_LIMITED_ENDPOINT");
  options.retry_options.max_retries = 20;
  options.retry_options.min_delay = std::chrono::milliseconds(5);
  options.retry_options.max_delay = std::chrono::milliseconds(50);
  std::atomic<int> refused = 0;
  options.observer = [&](const AttemptEvent& event) { refused += event.status == 429 ? 1 : 0; };
  const ChromaHttpClient limited(runtime.executor(), options);
  // The server limits concurrent calls. A slow client, for example with a sanitizer, may need several rounds.
  for (int round = 0; refused == 0 && round < 200; ++round) {
    std::vector<std::future<std::vector<Database>>> calls;
    for (int i = 0; i < 32; ++i) {
      calls.push_back(
          boost::asio::co_spawn(runtime.executor(), limited.list_databases(), boost::asio::use_future));
    }
    for (auto& call : calls) EXPECT_FALSE(call.get().empty());
  }
  EXPECT_GT(refused, 0) << "the server never responded with 429";
}

}  // namespace
}  // namespace chroma::test
