// Requests that a server refuses, and creations of collections of every kind: the fake server sends the same
// responses as a real server.
#include "integration/real_server.hpp"
#include "testing/exchange.hpp"

#include <chroma/testing.hpp>

#include <string>
#include <vector>

namespace chroma::test {
namespace {

class SameRefusals : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(both({"POST", "/api/v2/tenants/default_tenant/databases", R"({"name":")" + database + "\"}"}),
              "");
    ASSERT_EQ(both({"POST", collections, R"({"name":"books"})"}), "");
    ASSERT_EQ(both({"POST", books + "add",
                    R"({"ids":["a","b"],"embeddings":[[3,4],[1,1]],"documents":["d",null]})", "books"}),
              "");
  }
  std::string both(const Exchange& exchange) {
    return difference(exchange, real.send(exchange), fake.send(exchange));
  }
  /// Bodies of POST requests to one path.
  void same(const std::string& path, const std::vector<std::string>& bodies) {
    for (const auto& body : bodies) EXPECT_EQ(both({"POST", path, body, "books"}), "");
  }

  const std::string database = fresh_name("fake");
  const std::string base = "/api/v2/tenants/default_tenant/databases/" + database;
  const std::string collections = base + "/collections";
  const std::string books = collections + "/{}/";
  testing::FakeServer server;
  Peer real{endpoint("CHROMA_TEST_ENDPOINT")};
  Peer fake{server.endpoint()};
};

TEST_F(SameRefusals, Writes) {
  same(
      books + "add",
      {R"({"ids":["k"],"embeddings":[[7,7,1]]})",
       R"({"ids":["k","l"],"embeddings":[[7,7,1],[1]]})",
       R"({"ids":["k"],"embeddings":[]})",
       R"({"ids":["k"],"embeddings":[[]]})",
       R"({"ids":[""],"embeddings":[[1,2]]})",
       R"({"ids":["k"],"embeddings":[[1,2]],"documents":["a","b"]})",
       R"({"ids":[],"embeddings":[]})",
       R"({"ids":["k"]})",
       R"({"ids":["k"],"embeddings":null})",
       R"({"ids":["k"],"embeddings":[[1,2]],"metadatas":[{"#x":1}]})",
       R"({"ids":["k"],"embeddings":[[1,2]],"metadatas":[{"x":null}]})",
       R"({"ids":["k"],"embeddings":[[1,2]],"metadatas":[{"x":[1,"a"]}]})",
       R"({"ids":["k"],"embeddings":[[1,2]],"metadatas":[{"x":{"indices":[1],"values":[1.0]}}]})",
       R"({"ids":["k"],"embeddings":[["a",2]]})",
       R"({"ids":["k2"],"embeddings":["AACAPw!"]})",
       R"({"ids":["k2"],"embeddings":["AACAPwAA"]})",
       R"({"ids":["k2"],"embeddings":["AACAPw==",[1,2]]})",
       R"({"ids":["k2"],"embeddings":["AADAfwAAgD8="]})",
       R"({"ids":["k2"],"embeddings":[[1e39,1]]})",
       R"({"ids":[1],"embeddings":[[1,2]]})",
       R"({"ids":["b"],"embeddings":[[1,2]],"documents":[1]})",
       R"({"ids":["b64"],"embeddings":["AACAPwAAAEA="],"metadatas":[{"u":18446744073709551615,"z":-0.0}]})"});
  same(books + "upsert", {R"({"ids":["a"],"embeddings":[null]})", R"({"ids":["a"]})"});
  same(books + "update",
       {R"({"ids":[""]})", R"({"ids":[]})", R"({})", R"({"ids":["a"],"embeddings":[[1,2,3]]})",
        R"({"ids":["a","b"],"embeddings":[[1,2],null]})",
        R"({"ids":["a","b"],"embeddings":["AACAPwAAgD8=",null]})"});
  same(books + "get", {R"({"include":["documents","embeddings","metadatas"]})"});
}

TEST_F(SameRefusals, Reads) {
  same(books + "get",
       {R"({"include":["data"]})", R"({"include":null})", R"({"ids":null,"limit":null,"offset":null})",
        R"({"limit":-1})", R"({"ids":"a"})", R"({"offset":-1})", R"({"where":{}})",
        R"({"where":{"k":1,"z":1}})", R"({"where":{"k":{"$regex":"a"}}})", R"({"where":{"#document":"x"}})",
        R"({"where":{"$and":{}}})", R"({"where":{"#document":{"$regex":"["}}})",
        R"x({"where":{"#document":{"$regex":"(?=x)"}}})x", R"({"where_document":{}})",
        R"({"where_document":{"k":1}})", R"({"where":{"chroma:document":"d"}})"});
  same(books + "query",
       {R"({})", R"({"query_embeddings":[]})", R"({"query_embeddings":[[1,2,3]]})",
        R"({"query_embeddings":[[]]})", R"({"query_embeddings":[[1,2],[1]]})",
        R"({"query_embeddings":["AACAPw=="]})", R"({"query_embeddings":[[1,2]],"ids":["a","none"]})",
        R"({"query_embeddings":[[1,2]],"ids":[]})",
        R"({"query_embeddings":[[1,2]],"ids":["none"],"where":{"$and":[]}})",
        R"({"query_embeddings":[[1,2]],"n_results":null})"});
  same(books + "delete", {R"({})", R"({"ids":[]})", R"({"limit":1})", R"({"ids":["a"],"limit":1})",
                          R"({"ids":["none","none"]})"});
  same(books + "search", {R"({"searches":[{}]})"});
  same(books + "fork", {R"({"new_name":"abc"})"});
  for (const char* path :
       {"fork_count", "indexing_status", "count?read_level=index_only", "count?read_level=x"}) {
    EXPECT_EQ(both({"GET", books + path, "", "books"}), "");
  }
}

TEST_F(SameRefusals, CollectionsThatAreNotThere) {
  for (const auto& id : std::vector<std::string>{"00000000-0000-4000-8000-0000000000ff", "no-uuid"}) {
    const auto path = collections + "/" + id;
    same(path + "/get", {"{}", R"({"where":{}})", R"({"include":["x"]})"});
    same(path + "/add", {R"({"ids":["a"],"embeddings":["!!"]})", R"({"ids":["a"],"embeddings":[[]]})"});
    same(path + "/delete", {R"({"limit":1})"});
    EXPECT_EQ(both({"PUT", path, R"({"new_name":"x"})"}), "");
    EXPECT_EQ(both({"GET", path + "/count", ""}), "");
    EXPECT_EQ(both({"GET", collections + "/by-id/" + id, ""}), "");
    EXPECT_EQ(both({"GET", path, ""}), "");
    EXPECT_EQ(both({"DELETE", path, ""}), "");
  }
}

TEST_F(SameRefusals, Creations) {
  const std::string ef = R"({"type":"known","name":"openai","config":{"model":"x"}})";
  std::vector<std::string> bodies = {"{}",
                                     R"({"name":1})",
                                     R"({"name":"c"})",
                                     R"({"name":"c..c"})",
                                     R"({"name":"1.2.3.4"})",
                                     R"({"name":"a+b"})",
                                     R"({"name":"aaa+bbb+ccc"})",
                                     R"({"name":"books"})",
                                     R"({"name":"books","get_or_create":true})"};
  const std::vector<std::string> choices = {
      R"("metadata":{})",
      R"("metadata":{"":1})",
      R"("metadata":{"#a":1})",
      R"("metadata":{"a":null})",
      R"("metadata":{"a":1,"b":2.0,"c":"x","d":true})",
      R"("metadata":{"a":[1]})",
      R"("metadata":{"hnsw:space":"cosine","hnsw:M":5})",
      R"("metadata":{"hnsw:foo":1})",
      R"("metadata":{"hnsw:space":"x"})",
      R"("metadata":{"hnsw:space":"cosine"},"configuration":{"hnsw":{"space":"ip"}})",
      R"("configuration":{})",
      R"("configuration":{"hnsw":{"space":"foo"}})",
      R"("configuration":{"spann":{"space":"cosine"}})",
      R"("configuration":{"hnsw":{},"spann":{}})",
      R"("configuration":{"hnsw":{"ef_search":7,"batch_size":50}})",
      R"("configuration":{"embedding_function":)" + ef + "}",
      R"("configuration":{"embedding_function":{"type":"legacy"}})",
      R"("schema":{"defaults":{},"keys":{}})",
      R"("schema":{"defaults":{},"keys":{"a":{"string":{}}}})",
      R"("schema":{"defaults":{},"keys":{"#x":{}}})",
      R"("schema":{"defaults":{},"keys":{"#document":{"string":{"fts_index":{"enabled":false,"config":{}}}}}})",
      R"("schema":{"defaults":{},"keys":{"#embedding":{"float_list":{"vector_index":{"enabled":true,"config":{"space":"ip"}}}}}})",
      R"("schema":{"defaults":{},"keys":{"#embedding":{"float_list":{"vector_index":{"enabled":true,"config":{"space":"ip"}}}}}},"configuration":{"hnsw":{"space":"ip"}})",
      R"("schema":{"defaults":{"float_list":{"vector_index":{"enabled":true,"config":{}}}},"keys":{}})",
      R"("schema":{"defaults":{},"keys":{"sp":{"sparse_vector":{"sparse_vector_index":{"enabled":true,"config":{}}}}}})",
      R"("schema":{"defaults":{},"keys":{},"cmek":{"gcp":"bad"}})",
  };
  for (std::size_t i = 0; i < choices.size(); ++i) {
    bodies.push_back(R"({"name":"made-)" + std::to_string(i) + "\"," + choices[i] + "}");
  }
  for (const auto& body : bodies) EXPECT_EQ(both({"POST", collections, body}), "");
}

TEST_F(SameRefusals, SystemTenantsAndDatabases) {
  const std::string tenants = "/api/v2/tenants";
  const auto tenant = fresh_name("tenant");
  for (const auto& body : std::vector<std::string>{R"({"name":"ab"})", "{}", R"({"name":")" + tenant + "\"}",
                                                   R"({"name":")" + tenant + "\"}"}) {
    EXPECT_EQ(both({"POST", tenants, body}), "");
  }
  for (const auto& path : std::vector<std::string>{
           "/version", "/pre-flight-checks", "/healthcheck", "/auth/identity", "/nothing",
           "/tenants/" + tenant, "/tenants/none", "/tenants/" + tenant + "/databases",
           "/tenants/default_tenant/databases/no", "/tenants/default_tenant/databases/nothing",
           "/tenants/default_tenant/databases?limit=x", "/tenants/default_tenant/databases?limit="}) {
    EXPECT_EQ(both({"GET", "/api/v2" + path, ""}), "");
  }
  const auto databases = tenants + "/default_tenant/databases";
  for (const auto& body :
       std::vector<std::string>{R"({"name":"d"})", R"({"name":"a..b"})", R"({"name":"1.2.3.4"})",
                                R"({"name":")" + database + "\"}"}) {
    EXPECT_EQ(both({"POST", databases, body}), "");
  }
  EXPECT_EQ(both({"DELETE", databases + "/nothing", ""}), "");
  EXPECT_EQ(both({"PUT", "/api/v2/version", ""}), "");
  EXPECT_EQ(both({"POST", base + "-none/collections", R"({"name":"books"})"}), "");
  EXPECT_EQ(both({"DELETE", base, ""}), "");
  EXPECT_EQ(both({"POST", books + "get", "{}", "books"}), "");
}

}  // namespace
}  // namespace chroma::test
