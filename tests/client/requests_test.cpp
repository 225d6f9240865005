// The request of every operation: method, path, body, headers.
#include "client/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <nlohmann/json.hpp>

#include <future>

namespace chroma::test {
namespace {

using nlohmann::json;

class RequestsTest : public ClientTest {
 protected:
  void expect(const char* method, const std::string& target, const char* body = nullptr) {
    const auto request = server.only();
    EXPECT_EQ(request.method, method);
    EXPECT_EQ(request.target, target);
    if (body == nullptr) {
      EXPECT_EQ(request.body, "");
      EXPECT_EQ(request.header("content-type"), "");
    } else {
      EXPECT_EQ(json::parse(request.body), json::parse(body)) << request.body;
      EXPECT_EQ(request.header("content-type"), "application/json");
    }
    server.forget();
  }

  const std::string in_database = "/api/v2/tenants/t/databases/d";
  // Tenant and database are those of the collection in the response, not those of the client.
  const std::string in_collection =
      std::string("/api/v2/tenants/tn1/databases/db1/collections/") + collection_id;
};

TEST_F(RequestsTest, System) {
  server.respond(Reply(200, R"({"nanosecond heartbeat":1763942400123456789})"));
  EXPECT_EQ(run(client().heartbeat()).nanosecond_heartbeat, 1763942400123456789U);
  expect("GET", "/api/v2/heartbeat");

  server.respond(Reply(200, R"({"user_id":"u","tenant":"tn","databases":["a","b"]})"));
  const auto identity = run(client().get_auth_identity());
  EXPECT_EQ(identity.user_id, "u");
  EXPECT_EQ(identity.tenant, "tn");
  EXPECT_EQ(identity.databases.size(), 2U);
  expect("GET", "/api/v2/auth/identity");

  server.respond(Reply(200, R"("1.0.0")"));
  EXPECT_EQ(run(client().version()), "1.0.0");
  expect("GET", "/api/v2/version");

  server.respond(Reply(200, R"({"max_batch_size":5461,"supports_base64_encoding":true})"));
  const auto checks = run(client().pre_flight_checks());
  EXPECT_EQ(checks.max_batch_size, 5461U);
  EXPECT_TRUE(checks.supports_base64_encoding);
  expect("GET", "/api/v2/pre-flight-checks");

  server.respond(Reply(200, "true"));
  EXPECT_TRUE(run(client().reset()));
  expect("POST", "/api/v2/reset");
}

TEST_F(RequestsTest, HealthcheckReturnsTheBodyOfA503WithoutRetries) {
  server.respond(Reply(503, R"({"is_executor_ready":true,"is_log_client_ready":false})"));
  const auto health = run(client().healthcheck());
  EXPECT_TRUE(health.is_executor_ready);
  EXPECT_FALSE(health.is_log_client_ready);
  expect("GET", "/api/v2/healthcheck");

  server.respond(Reply(503, "busy", "text/plain"));
  EXPECT_EQ(fail(client().healthcheck()).status(), 503);
  // Other statuses are errors, as for every idempotent operation.
  server.respond(Reply(500, "{}"));
  const auto error = fail(client().healthcheck());
  EXPECT_EQ(error.status(), 500);
  EXPECT_EQ(error.attempts(), 4U);
}

TEST_F(RequestsTest, TenantsAndDatabases) {
  run(client().create_tenant("acme"));
  expect("POST", "/api/v2/tenants", R"({"name":"acme"})");

  server.respond(Reply(200, R"({"name":"acme","resource_name":null})"));
  EXPECT_EQ(run(client().get_tenant("acme")).name, "acme");
  expect("GET", "/api/v2/tenants/acme");

  server.respond(Reply());
  run(client().create_database("my db"));
  expect("POST", "/api/v2/tenants/t/databases", R"({"name":"my db"})");

  server.respond(Reply(200, R"([{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","name":"one","tenant":"t"}])"));
  const auto databases = run(client().list_databases());
  ASSERT_EQ(databases.size(), 1U);
  EXPECT_EQ(databases[0].name, "one");
  EXPECT_EQ(databases[0].id, "0f8fad5b-d9cb-469f-a165-70867728950e");
  expect("GET", "/api/v2/tenants/t/databases");

  server.respond(Reply(200, R"({"id":"0f8fad5b-d9cb-469f-a165-70867728950e","name":"one","tenant":"t"})"));
  EXPECT_EQ(run(client().get_database("one")).name, "one");
  expect("GET", "/api/v2/tenants/t/databases/one");

  server.respond(Reply());
  run(client().delete_database("one"));
  expect("DELETE", "/api/v2/tenants/t/databases/one");
}

TEST_F(RequestsTest, Collections) {
  server.respond(Reply(200, collection_json()));
  const auto created = run(client().create_collection("abc"));
  EXPECT_EQ(created.name(), "abc");
  EXPECT_EQ(created.id(), collection_id);
  EXPECT_EQ(created.tenant(), "tn1");
  EXPECT_EQ(created.database(), "db1");
  expect("POST", in_database + "/collections",
         R"({"get_or_create":false,"metadata":null,"name":"abc","schema":null})");

  Metadata metadata;
  metadata["k"] = 1;
  run(client().get_or_create_collection("abc", std::nullopt, metadata));
  expect("POST", in_database + "/collections",
         R"({"get_or_create":true,"metadata":{"k":1},"name":"abc","schema":null})");

  run(client().get_collection("abc"));
  expect("GET", in_database + "/collections/abc");
  run(client().get_collection_by_id(collection_id));
  expect("GET", in_database + "/collections/by-id/" + collection_id);

  server.respond(Reply());
  run(client().delete_collection("abc"));
  expect("DELETE", in_database + "/collections/abc");

  server.respond(Reply(200, "17"));
  EXPECT_EQ(run(client().count_collections()), 17U);
  expect("GET", in_database + "/collections_count");

  server.respond(Reply(200, "[" + collection_json("one") + "," + collection_json("two") + "]"));
  const auto listed = run(client().list_collections(100));
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[1].name(), "two");
  expect("GET", in_database + "/collections?limit=100");
  run(client().list_collections(10, 0));
  expect("GET", in_database + "/collections?limit=10&offset=0");
}

TEST_F(RequestsTest, ListLogsAndSkipsUnreadableCollections) {
  std::mutex mutex;
  std::vector<std::string> warnings;
  auto options = options_for(server);
  options.logger = Logger(
      [&](LogLevel, std::string_view line) {
        std::lock_guard lock(mutex);
        warnings.emplace_back(line);
      },
      LogLevel::warn);
  const ChromaHttpClient logging(runtime.executor(), options);

  server.respond(Reply(200, "[" + collection_json("one") + R"(,{"name":"broken"},)" +
                                collection_json("two", R"(,"of_a_newer_server":{"x":[1]})") + "]"));
  const auto listed = run(logging.list_collections(10));
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].name(), "one");
  EXPECT_EQ(listed[1].name(), "two");
  std::lock_guard lock(mutex);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("list_collections"), std::string::npos) << warnings[0];
}

TEST_F(RequestsTest, CollectionHandle) {
  auto handle = collection();

  server.respond(Reply(200, "3"));
  EXPECT_EQ(run(handle.count()), 3U);
  expect("GET", in_collection + "/count?read_level=index_and_wal");
  run(handle.count(ReadLevel::IndexOnly));
  expect("GET", in_collection + "/count?read_level=index_only");

  server.respond(
      Reply(200, R"({"op_indexing_progress":1,"num_unindexed_ops":0,"num_indexed_ops":5,"total_ops":5})"));
  EXPECT_EQ(run(handle.get_indexing_status()).num_indexed_ops, 5U);
  expect("GET", in_collection + "/indexing_status");

  server.respond(Reply(200, R"({"count":2})"));
  EXPECT_EQ(run(handle.fork_count()), 2U);
  expect("GET", in_collection + "/fork_count");

  server.respond(Reply(200, collection_json("forked")));
  EXPECT_EQ(run(handle.fork("forked")).name(), "forked");
  expect("POST", in_collection + "/fork", R"({"new_name":"forked"})");
}

TEST_F(RequestsTest, ModifyChangesOnlyThisHandle) {
  auto handle = collection();
  const auto copy = handle;
  Metadata metadata;
  metadata["k"] = "v";
  run(handle.modify("renamed", metadata));
  expect("PUT", in_collection, R"({"new_metadata":{"k":"v"},"new_name":"renamed"})");
  EXPECT_EQ(handle.name(), "renamed");
  ASSERT_TRUE(handle.metadata().has_value());
  EXPECT_EQ(*handle.metadata(), metadata);
  EXPECT_EQ(copy.name(), "abc");

  run(handle.modify(std::nullopt, std::nullopt));
  EXPECT_TRUE(server.received().empty());

  server.respond(Reply(500, "{}"));
  EXPECT_EQ(fail(handle.modify("again")).status(), 500);
  EXPECT_EQ(handle.name(), "renamed");
}

TEST_F(RequestsTest, Records) {
  const auto handle = collection();
  const std::vector<std::string> ids = {"a", "b"};
  auto options = options_for(server);
  options.embedding_encoding = EmbeddingEncoding::Json;
  const ChromaHttpClient numbers(runtime.executor(), options);
  const auto plain = collection(numbers);

  server.respond(Reply(201, "{}"));
  run(plain.add(AddRequest(ids, {{0.1F, 2.0F}, {3.0F, 4.0F}})));
  expect(
      "POST", in_collection + "/add",
      R"({"ids":["a","b"],"embeddings":[[0.1,2.0],[3.0,4.0]],"documents":null,"uris":null,"metadatas":null})");
  run(plain.upsert(UpsertRequest(ids, {{1.0F}, {2.0F}}).documents({"x", std::nullopt})));
  expect(
      "POST", in_collection + "/upsert",
      R"({"ids":["a","b"],"embeddings":[[1.0],[2.0]],"documents":["x",null],"uris":null,"metadatas":null})");
  run(plain.update(UpdateRequest(ids).uris({std::nullopt, "u"})));
  expect("POST", in_collection + "/update",
         R"({"ids":["a","b"],"embeddings":null,"documents":null,"uris":[null,"u"],"metadatas":null})");

  server.respond(Reply(200, R"({"ids":[],"include":[]})"));
  run(handle.get());
  expect(
      "POST", in_collection + "/get",
      R"({"ids":null,"where":null,"where_document":null,"limit":null,"offset":0,"include":["documents","metadatas"]})");
  run(handle.peek(3));
  EXPECT_EQ(json::parse(server.only().body)["limit"], 3);
  server.forget();

  server.respond(Reply(200, R"({"ids":[[]],"include":[]})"));
  run(handle.query(QueryRequest({{1.0F}}).n_results(3).where(Key("x").gt(1.5))));
  expect(
      "POST", in_collection + "/query",
      R"({"ids":null,"where":{"x":{"$gt":1.5}},"where_document":null,"query_embeddings":[[1.0]],"n_results":3,)"
      R"("include":["documents","metadatas","distances"]})");

  server.respond(Reply(200, R"({"deleted":2})"));
  EXPECT_EQ(run(handle.delete_records(DeleteRequest().ids("a", "b"))).deleted, 2U);
  expect("POST", in_collection + "/delete",
         R"({"ids":["a","b"],"limit":null,"where":null,"where_document":null})");

  server.respond(Reply(200, R"({"ids":[["a"]],"documents":[null],"embeddings":[null],"metadatas":[null],)"
                            R"("scores":[[0.5]],"select":[["#score"]]})"));
  const auto found = run(handle.search(SearchPayload().limit(3).select(Key::Score), ReadLevel::IndexOnly));
  EXPECT_EQ(found.ids.at(0).at(0), "a");
  expect("POST", in_collection + "/search",
         R"({"searches":[{"filter":{},"rank":null,"group_by":{"keys":[],"aggregate":null},)"
         R"("limit":{"offset":0,"limit":3},"select":{"keys":["#score"]}}],"read_level":"index_only"})");
}

TEST_F(RequestsTest, ASearchRequestIsSentAsItsParts) {
  const auto handle = collection();
  server.respond(Reply(200, R"({"ids":[["a"],[]],"documents":[null,null],"embeddings":[null,null],)"
                            R"("metadatas":[null,null],"scores":[null,null],"select":[[],[]]})"));
  const std::vector<SearchPayload> searches{SearchPayload().limit(1), SearchPayload().ids("x")};
  SearchRequest request(searches);
  request.read_level(ReadLevel::IndexOnly);
  EXPECT_EQ(run(handle.search(request)).ids.size(), 2U);
  const auto sent = server.received().back().body;
  run(handle.search(searches, ReadLevel::IndexOnly));
  EXPECT_EQ(sent, server.received().back().body);
  EXPECT_NE(sent.find(R"("read_level":"index_only")"), std::string::npos) << sent;
  const std::vector<SearchPayload> wrong(2, SearchPayload().ids(""));
  const auto error = fail(handle.search(SearchRequest(wrong)));
  ASSERT_TRUE(error.is<ValidationError>()) << error.what();
  EXPECT_EQ(error.operation(), "collection_search");
}

TEST_F(RequestsTest, Headers) {
  auto options = options_for(server);
  options.auth_method = ChromaAuthMethod::cloud_api_key(" secret-key\n");
  options.default_headers = {{"X-Team", "search"}, {"X-Env", "test"}};
  const ChromaHttpClient configured(runtime.executor(), options);
  server.respond(Reply(200, R"("1")"));

  run(configured.version());
  const auto request = server.only();
  EXPECT_EQ(request.header("x-chroma-token"), "secret-key");
  EXPECT_EQ(request.header("x-team"), "search");
  EXPECT_EQ(request.header("user-agent"), "chroma-cpp/" CHROMA_VERSION_STRING);
  EXPECT_EQ("http://" + request.header("host"), server.url());
  server.forget();

  CallOptions call;
  call.headers = {{"x-env", "prod"}, {"x-request", "7"}};
  run(configured.with_options(call).version());
  const auto changed = server.only();
  EXPECT_EQ(changed.header("x-env"), "prod");
  EXPECT_EQ(changed.header("x-request"), "7");
  EXPECT_EQ(changed.headers.count("X-Env") + changed.headers.count("x-env"), 1U);
  EXPECT_EQ(changed.header("x-chroma-token"), "secret-key");
  server.forget();

  run(configured.with_scope(ChromaAuthMethod::header("Authorization", "Bearer other"), "t2", "d2").version());
  const auto scoped = server.only();
  EXPECT_EQ(scoped.header("authorization"), "Bearer other");
  EXPECT_EQ(scoped.header("x-chroma-token"), "");
}

TEST_F(RequestsTest, EndpointPathAndUserAreKept) {
  auto options = options_for(server);
  options.endpoint = "http://me:pass%20word@" + server.url().substr(7) + "/chroma/";
  const ChromaHttpClient prefixed(runtime.executor(), options);
  server.respond(Reply(200, R"("1")"));
  run(prefixed.version());
  const auto request = server.only();
  EXPECT_EQ(request.target, "/chroma/api/v2/version");
  EXPECT_EQ(request.header("authorization"), "Basic bWU6cGFzcyB3b3Jk");

  // The password of a gateway is sent in addition to the token of the server, in each scope.
  server.forget();
  options.auth_method = ChromaAuthMethod::cloud_api_key("k1");
  const ChromaHttpClient both(runtime.executor(), options);
  run(both.version());
  run(both.with_scope(ChromaAuthMethod::cloud_api_key("k2"), "t", "d").version());
  run(both.with_scope(ChromaAuthMethod::header("authorization", "Bearer b"), "t", "d").version());
  const auto all = server.received();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].header("authorization"), "Basic bWU6cGFzcyB3b3Jk");
  EXPECT_EQ(all[0].header("x-chroma-token"), "k1");
  EXPECT_EQ(all[1].header("authorization"), "Basic bWU6cGFzcyB3b3Jk");
  EXPECT_EQ(all[1].header("x-chroma-token"), "k2");
  EXPECT_EQ(all[2].header("authorization"), "Bearer b");
  EXPECT_EQ(all[2].header("x-chroma-token"), "");
}

TEST_F(RequestsTest, NamesArePercentEncoded) {
  server.respond(Reply(200, "{}"));
  run(client().delete_collection("../../x"));
  expect("DELETE", in_database + "/collections/..%2F..%2Fx");
  run(client().delete_collection("a?b#c%2Fd\\e"));
  expect("DELETE", in_database + "/collections/a%3Fb%23c%252Fd%5Ce");

  for (const auto& name : {std::string(), std::string("\xff\xfe"), std::string("."), std::string("..")}) {
    const auto error = fail(client().delete_collection(name));
    ASSERT_TRUE(error.is<ValidationError>()) << error.what();
    EXPECT_EQ(error.get_if<ValidationError>()->field, "name");
    EXPECT_EQ(error.operation(), "delete_collection");
  }
  EXPECT_TRUE(server.received().empty());
}

/// One row, filled with zeros up to the length from which on a pre-flight request is sent.
Embeddings long_row(std::vector<float> first) {
  first.resize(1024);
  return Embeddings::row(std::move(first));
}

TEST_F(RequestsTest, ThePreFlightIsFetchedOnceForAllCopies) {
  const auto from = client();
  const auto handle = collection(from);
  server.respond([](const Received& request) {
    if (request.target == "/api/v2/pre-flight-checks") {
      return Reply(200, R"({"max_batch_size":100,"supports_base64_encoding":true})");
    }
    return Reply(201, "{}");
  });
  const std::vector<std::string> ids = {"a"};
  run(handle.add(AddRequest(ids, long_row({1.0F, 2.0F, 3.0F}))));
  const auto copy = handle;
  run(copy.upsert(UpsertRequest(ids, {{1.0F, 2.0F, 3.0F}})));
  run(copy.update(UpdateRequest(ids).documents({"no embeddings"})));

  const auto requests = server.received();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_EQ(requests[0].target, "/api/v2/pre-flight-checks");
  EXPECT_EQ(json::parse(requests[1].body)["embeddings"][0].get<std::string>().substr(0, 16),
            "AACAPwAAAEAAAEBA");
  EXPECT_EQ(json::parse(requests[2].body)["embeddings"], json::parse(R"(["AACAPwAAAEAAAEBA"])"));
  EXPECT_TRUE(json::parse(requests[3].body)["embeddings"].is_null());
}

TEST_F(RequestsTest, ThePreFlightIsFetchedWhenSmallWritesAddUp) {
  const auto handle = collection(client());
  server.respond(Reply(200, R"({"max_batch_size":100,"supports_base64_encoding":true})"));
  const std::vector<std::string> ids = {"a"};
  const Embeddings row = Embeddings::row(std::vector<float>(512, 1.0F));
  run(handle.add(AddRequest(ids, row)));
  ASSERT_EQ(server.received().size(), 1U);
  EXPECT_TRUE(json::parse(server.received()[0].body)["embeddings"][0].is_array());
  run(handle.add(AddRequest(ids, row)));
  ASSERT_EQ(server.received().size(), 3U);
  EXPECT_EQ(server.received()[1].target, "/api/v2/pre-flight-checks");
  EXPECT_TRUE(json::parse(server.received()[2].body)["embeddings"][0].is_string());
}

TEST_F(RequestsTest, AFailedPreFlightDoesNotFailTheWrite) {
  const std::vector<std::string> ids = {"a"};
  for (const int status : {404, 500}) {
    const auto handle = collection(client());
    server.respond([status](const Received& request) {
      return request.target == "/api/v2/pre-flight-checks" ? Reply(status, "") : Reply(201, "{}");
    });
    run(handle.add(AddRequest(ids, long_row({1.0F, 2.0F}))));
    run(handle.add(AddRequest(ids, long_row({1.0F, 2.0F}))));
    const auto requests = server.received();
    EXPECT_TRUE(json::parse(requests.back().body)["embeddings"][0].is_array());
    // The 404 is cached. After the 500 the pre-flight would be repeated only after a pause.
    EXPECT_EQ(requests.size(), 3U);
  }
}

TEST_F(RequestsTest, APreFlightWithoutAResponseDoesNotFailTheWrite) {
  const auto handle = collection();
  std::promise<void> release;
  server.respond_side_by_side([released = release.get_future().share()](const Received& request) {
    if (request.target != "/api/v2/pre-flight-checks") return Reply(201, "{}");
    released.wait();
    return Reply(200, R"({"max_batch_size":100,"supports_base64_encoding":true})");
  });
  const std::vector<std::string> ids = {"a"};
  std::vector<std::future<void>> adds;
  for (int i = 0; i < 4; ++i) adds.push_back(runtime.submit(handle.add(AddRequest(ids, long_row({1.0F})))));
  for (auto& add : adds) EXPECT_NO_THROW(add.get());
  release.set_value();
  std::size_t asked = 0;
  for (const auto& request : server.received()) {
    asked += request.target == "/api/v2/pre-flight-checks" ? 1U : 0U;
  }
  EXPECT_EQ(asked, 1U);
}

TEST_F(RequestsTest, DocumentsWithoutAnEmbeddingFunction) {
  const auto handle = collection();
  const std::vector<std::string> ids = {"a"};
  const auto request = AddRequest(ids).documents({"text"});
  EXPECT_NO_THROW(request.validate());
  EXPECT_TRUE(fail(handle.add(request)).is<MissingEmbeddingFunction>());
  EXPECT_TRUE(fail(handle.upsert(UpsertRequest(ids).documents({"text"}))).is<MissingEmbeddingFunction>());
  EXPECT_TRUE(fail(handle.add(AddRequest(ids))).is<MissingDocumentsForEmbedding>());
  EXPECT_TRUE(server.received().empty());
}

TEST_F(RequestsTest, ListWithoutALimitAsksForPagesUntilOneIsEmpty) {
  const auto item = [](int i) {
    auto text = collection_json("c" + std::to_string(i));
    return text.replace(text.find("70867728950e"), 12, "70867728950" + std::to_string(i));
  };
  server.respond([&](const Received& request) {
    const std::string path = in_database + "/collections?limit=1000&offset=";
    if (request.target == path + "0") return Reply(200, "[" + item(0) + "," + item(1) + "]");
    // The second collection has moved to the next page, and one item cannot be decoded.
    if (request.target == path + "2") return Reply(200, "[" + item(1) + R"(,{"id":7},)" + item(2) + "]");
    return Reply(200, request.target == path + "5" ? "[]" : "unexpected " + request.target);
  });
  const auto all = run(client().list_collections());
  ASSERT_EQ(all.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(all[i].name(), "c" + std::to_string(i));
}

TEST_F(RequestsTest, AListOfAServerThatIgnoresTheOffsetEndsInAnError) {
  for (const auto& item : {collection_json(), std::string(R"({"id":7})")}) {
    server.respond(Reply(200, "[" + item + "]"));
    server.forget();
    const auto error = fail(client().list_collections());
    ASSERT_TRUE(error.is<SerdeError>()) << error.what();
    EXPECT_EQ(error.operation(), "list_collections");
    EXPECT_NE(std::string(error.what()).find("ignores the offset"), std::string::npos);
    EXPECT_EQ(server.received().size(), 4U);
  }
}

TEST_F(RequestsTest, OneCollectionThatIsMovedToTheNextPageIsNotAnError) {
  const std::string path = in_database + "/collections?limit=1000&offset=";
  server.respond([&](const Received& request) {
    // Others have been created before it, twice.
    const bool is_end = request.target == path + "3";
    return Reply(200, is_end ? "[]" : "[" + collection_json() + "]");
  });
  EXPECT_EQ(run(client().list_collections()).size(), 1U);
}

TEST_F(RequestsTest, AMovedFromClientIsAnEmptyHandle) {
  auto from = client();
  auto target = std::move(from);
  // NOLINTBEGIN(bugprone-use-after-move): this is what is tested.
  const auto error = fail(from.heartbeat());
  ASSERT_TRUE(error.is<ValidationError>()) << error.what();
  EXPECT_EQ(error.operation(), "heartbeat");
  EXPECT_THROW(from.set_tenant_id("t"), ChromaHttpClientError);
  EXPECT_THROW(static_cast<void>(from.with_timeout(std::chrono::seconds(1))), ChromaHttpClientError);
  EXPECT_THROW(static_cast<void>(from.get_executor()), ChromaHttpClientError);
  EXPECT_THROW(static_cast<void>(from.settings()), ChromaHttpClientError);
  const auto copy = from;
  EXPECT_TRUE(fail(copy.heartbeat()).is<ValidationError>());
  from = target;
  // NOLINTEND(bugprone-use-after-move)
  server.respond(Reply(200, R"("1.0.0")"));
  EXPECT_EQ(run(from.version()), "1.0.0");
}

TEST_F(RequestsTest, InvalidRequestsAreNotSent) {
  const auto handle = collection();
  const std::vector<std::string> ids = {"a", "b"};
  const auto ragged = fail(handle.add(AddRequest(ids, {{1.0F, 2.0F}, {1.0F}})));
  ASSERT_TRUE(ragged.is<ValidationError>()) << ragged.what();
  EXPECT_EQ(ragged.operation(), "collection_add");
  EXPECT_TRUE(fail(handle.delete_records(DeleteRequest())).is<ValidationError>());
  EXPECT_TRUE(fail(client().list_collections(std::size_t(1) << 32)).is<ValidationError>());
  EXPECT_TRUE(fail(ChromaCollection().count()).is<ValidationError>());
  EXPECT_TRUE(server.received().empty());
}

}  // namespace
}  // namespace chroma::test
