// Every type of <chroma/json.hpp>, from JSON and back.
#include <chroma/json.hpp>

#include <gtest/gtest.h>

namespace chroma {
namespace {

template <class T>
void expect_kept(const char* text) {
  const auto json = nlohmann::json::parse(text);
  const auto value = json.get<T>();
  // Compared as text, because nlohmann/json considers 2 and 2.0 equal.
  EXPECT_EQ(nlohmann::json(value).dump(), json.dump());
  EXPECT_EQ(nlohmann::json(value).template get<T>(), value) << text;
}

TEST(JsonTypes, ValuesAndRequests) {
  expect_kept<MetadataValue>(R"([1.5,2.0])");
  expect_kept<UpdateMetadataValue>(R"(null)");
  expect_kept<Metadata>(R"({"a":1,"b":[true]})");
  expect_kept<UpdateMetadata>(R"({"a":null,"b":2.0})");
  expect_kept<SparseVector>(R"({"#type":"sparse_vector","indices":[1],"values":[0.5],"tokens":["t"]})");
  expect_kept<Where>(R"({"$and":[{"a":{"$eq":1}},{"#document":{"$regex":"x"}}]})");
  expect_kept<Key>(R"("#score")");
  expect_kept<Include>(R"("distances")");
  expect_kept<IncludeList>(R"(["uris"])");
  expect_kept<Embeddings>(R"([[0.5,1.0],null])");
  expect_kept<AddRequest>(
      R"({"ids":["a"],"embeddings":[[1.0]],"documents":["d"],"uris":["u"],"metadatas":[{"k":1}]})");
  expect_kept<UpsertRequest>(
      R"({"ids":["a"],"embeddings":[[1.0]],"documents":null,"uris":null,"metadatas":[{"k":null}]})");
  expect_kept<UpdateRequest>(
      R"({"ids":["a"],"embeddings":[null],"documents":[null],"uris":null,"metadatas":null})");
  expect_kept<GetRequest>(
      R"({"ids":["a"],"where":{"a":{"$gt":1.5}},"where_document":null,"limit":1,"offset":2,"include)"
      R"(":["embeddings"]})");
  expect_kept<QueryRequest>(
      R"({"ids":null,"where":null,"where_document":null,"query_embeddings":[[1.0]],"n_results":3,"i)"
      R"(nclude":["distances"]})");
  expect_kept<DeleteRequest>(R"({"ids":["a"],"limit":null,"where":null,"where_document":null})");
}

TEST(JsonTypes, Responses) {
  expect_kept<GetResponse>(
      R"({"ids":["a"],"embeddings":[[1.0]],"documents":["d"],"uris":[null],"metadatas":[{"k":1}],"i)"
      R"(nclude":["documents"]})");
  expect_kept<QueryResponse>(
      R"({"ids":[["a"]],"embeddings":[[[1.0]]],"documents":[["d"]],"uris":null,"metadatas":[[null]])"
      R"(,"distances":[[0.5]],"include":["distances"]})");
  expect_kept<SearchResponse>(
      R"({"ids":[["a"]],"documents":[["d"]],"embeddings":[null],"metadatas":[[{"k":1}]],"scores":[[)"
      R"(0.5]],"select":[["#score","k"]]})");
  expect_kept<DeleteResponse>(R"({"deleted":3})");
  expect_kept<IndexStatusResponse>(
      R"({"op_indexing_progress":0.5,"num_unindexed_ops":1,"num_indexed_ops":1,"total_ops":2})");
  expect_kept<HeartbeatResponse>(R"({"nanosecond heartbeat":7})");
  expect_kept<GetUserIdentityResponse>(R"({"user_id":"u","tenant":"t","databases":["d"]})");
  expect_kept<Database>(R"({"id":"i","name":"n"})");
  expect_kept<Tenant>(R"({"name":"n","resource_name":null})");
  expect_kept<PreFlightChecks>(R"({"max_batch_size":9,"supports_base64_encoding":true})");
  expect_kept<HealthcheckResponse>(R"({"is_executor_ready":true,"is_log_client_ready":false})");
  expect_kept<Collection>(
      R"({"id":"0f8fad5b-d9cb-469f-a165-70867728950e","name":"n","configuration_json":{"hnsw":null,)"
      R"("spann":{"search_nprobe":1,"write_nprobe":null,"space":null,"ef_construction":null,"ef_sea)"
      R"(rch":null,"max_neighbors":null,"reassign_neighbor_count":null,"split_threshold":null,"merg)"
      R"(e_threshold":null},"embedding_function":null},"schema":{"defaults":{},"keys":{}},"metadata)"
      R"(":{"k":1},"dimension":3,"tenant":"t","database":"d","log_position":4,"version":5})");
}

TEST(JsonTypes, Searches) {
  expect_kept<QueryVector>(R"([0.5])");
  expect_kept<Knn>(R"({"query":[0.5],"key":"words","limit":3,"default":1.5,"return_rank":true})");
  expect_kept<RankExpr>(R"({"$sub":{"left":{"$val":1.0},"right":{"$exp":{"$val":2.0}}}})");
  expect_kept<Aggregate>(R"({"$max_k":{"keys":["a"],"k":2}})");
  expect_kept<GroupBy>(R"({"keys":["a"],"aggregate":{"$min_k":{"keys":["#score"],"k":1}}})");
  expect_kept<SearchPayload>(
      R"({"filter":{"a":{"$eq":1}},"rank":{"$val":1.0},"group_by":{"keys":[],"aggregate":null},"lim)"
      R"(it":{"offset":1,"limit":2},"select":{"keys":["#document"]}})");
  expect_kept<SearchRequest>(R"({"searches":[],"read_level":"index_only"})");
  expect_kept<ReadLevel>(R"("index_and_bounded_wal")");
}

TEST(JsonTypes, Indexes) {
  expect_kept<Space>(R"("ip")");
  expect_kept<EmbeddingFunctionConfiguration>(R"({"type":"known","name":"n","config":{"a":1},"later":2})");
  expect_kept<VectorIndexConfig>(
      R"({"space":"l2","embedding_function":{"type":"legacy"},"source_key":"#document","hnsw":{"ef_)"
      R"(search":1},"later":2})");
  expect_kept<HnswIndexConfig>(R"({"ef_construction":1,"resize_factor":1.5,"later":2})");
  expect_kept<SpannIndexConfig>(
      R"({"search_nprobe":1,"search_rng_factor":0.5,"quantize":"four_bit_rabit_q_with_u_search"})");
  expect_kept<SparseVectorIndexConfig>(R"({"source_key":"k","bm25":true,"later":2})");
  expect_kept<FtsIndexConfig>(R"({"later":2})");
  expect_kept<StringInvertedIndexConfig>(R"({"later":2})");
  expect_kept<IntInvertedIndexConfig>(R"({"later":2})");
  expect_kept<FloatInvertedIndexConfig>(R"({"later":2})");
  expect_kept<BoolInvertedIndexConfig>(R"({"later":2})");
  expect_kept<Index<VectorIndexConfig>>(R"({"enabled":true,"config":{},"later":2})");
  expect_kept<Index<SparseVectorIndexConfig>>(R"({"enabled":true,"config":{},"later":2})");
  expect_kept<Index<FtsIndexConfig>>(R"({"enabled":true,"config":{},"later":2})");
  expect_kept<Index<StringInvertedIndexConfig>>(R"({"enabled":true,"config":{},"later":2})");
  expect_kept<Index<IntInvertedIndexConfig>>(R"({"enabled":true,"config":{},"later":2})");
  expect_kept<Index<FloatInvertedIndexConfig>>(R"({"enabled":true,"config":{},"later":2})");
  expect_kept<Index<BoolInvertedIndexConfig>>(R"({"enabled":true,"config":{},"later":2})");
}

TEST(JsonTypes, Schemas) {
  expect_kept<StringValueType>(
      R"({"fts_index":{"enabled":true,"config":{}},"string_inverted_index":{"enabled":false,"config)"
      R"(":{}},"later":2})");
  expect_kept<FloatListValueType>(R"({"vector_index":{"enabled":true,"config":{}},"later":2})");
  expect_kept<SparseVectorValueType>(R"({"sparse_vector_index":{"enabled":true,"config":{}},"later":2})");
  expect_kept<IntValueType>(R"({"int_inverted_index":{"enabled":true,"config":{}},"later":2})");
  expect_kept<FloatValueType>(R"({"float_inverted_index":{"enabled":true,"config":{}},"later":2})");
  expect_kept<BoolValueType>(R"({"bool_inverted_index":{"enabled":true,"config":{}},"later":2})");
  expect_kept<ValueTypes>(
      R"({"string":{},"float_list":{},"sparse_vector":{},"int":{},"float":{},"bool":{},"later":2})");
  expect_kept<Cmek>(R"({"gcp":"x","later":2})");
  expect_kept<Schema>(
      R"({"defaults":{"int":{}},"keys":{"k":{}},"cmek":{"gcp":"x"},"source_attached_function_id":"f)"
      R"(","later":2})");
}

TEST(JsonTypes, Configurations) {
  expect_kept<HnswConfiguration>(
      R"({"space":"ip","ef_construction":1,"ef_search":2,"max_neighbors":3,"resize_factor":1.5,"syn)"
      R"(c_threshold":4,"later":5})");
  expect_kept<SpannConfiguration>(
      R"({"search_nprobe":1,"write_nprobe":2,"space":"l2","ef_construction":3,"ef_search":4,"max_ne)"
      R"(ighbors":5,"reassign_neighbor_count":6,"split_threshold":7,"merge_threshold":8,"later":9})");
  expect_kept<CollectionConfiguration>(
      R"({"hnsw":{"space":"ip","ef_construction":1,"ef_search":2,"max_neighbors":3,"resize_factor":)"
      R"(1.5,"sync_threshold":4},"spann":null,"embedding_function":{"type":"unknown"},"later":1})");
  expect_kept<UpdateHnswConfiguration>(
      R"({"ef_search":1,"max_neighbors":2,"num_threads":3,"resize_factor":1.5,"sync_threshold":4,"b)"
      R"(atch_size":5,"later":6})");
  expect_kept<UpdateSpannConfiguration>(R"({"search_nprobe":1,"ef_search":2,"later":3})");
  expect_kept<UpdateCollectionConfiguration>(
      R"({"hnsw":null,"spann":{"search_nprobe":1,"ef_search":2},"embedding_function":null,"later":1)"
      R"(})");
}

}  // namespace
}  // namespace chroma
