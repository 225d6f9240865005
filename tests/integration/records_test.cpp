// The operations on records that a single-node server supports.
#include "integration/real_server.hpp"

#include <algorithm>
#include <limits>

namespace chroma::test {
namespace {

using Records = RealServerTest;

TEST_F(Records, AddGetQueryUpdateDelete) {
  const auto collection = make_collection();
  std::vector<Metadata> metadatas(3);
  metadatas[0]["n"] = 1;
  metadatas[0]["x"] = 2.0;
  metadatas[1]["n"] = 9007199254740993;
  metadatas[1]["s"] = "text";
  metadatas[2]["b"] = true;
  run(collection.add(AddRequest({"a", "b", "c"}, {{1.0F, 0.0F}, {0.0F, 1.0F}, {1.0F, 1.0F}})
                         .documents({"first", std::nullopt, "third"})
                         .uris({std::nullopt, "u://b", std::nullopt})
                         .metadatas(metadatas)));
  EXPECT_EQ(run(collection.count()), 3U);

  auto all = run(collection.get(GetRequest().include(IncludeList::all())));
  all.sort_by_ids();
  ASSERT_EQ(all.ids, (std::vector<std::string>{"a", "b", "c"}));
  std::vector<std::string> seen;
  for (const auto row : all.rows()) {
    seen.emplace_back(row.id);
    ASSERT_TRUE(row.embedding.has_value());
    EXPECT_EQ(row.embedding->size(), 2U);
  }
  EXPECT_EQ(seen.size(), 3U);
  EXPECT_EQ(*(*all.metadatas)[0], metadatas[0]);
  EXPECT_EQ(*(*all.metadatas)[1], metadatas[1]);
  EXPECT_TRUE((*all.metadatas)[0]->at("x").is<double>());

  const auto near = run(collection.query(QueryRequest({{0.9F, 0.1F}}).n_results(2)));
  ASSERT_EQ(near.ids.at(0).size(), 2U);
  EXPECT_EQ(near.ids[0][0], "a");

  const auto filtered = run(collection.get(GetRequest().where(Key("n").gt(1) && Key("s") == "text")));
  EXPECT_EQ(filtered.ids, std::vector<std::string>{"b"});
  const auto by_text = run(collection.get(GetRequest().where(Key::Document.contains("thi"))));
  EXPECT_EQ(by_text.ids, std::vector<std::string>{"c"});

  UpdateMetadata change;
  change["x"] = nullptr;
  change["n"] = 5;
  run(collection.update(UpdateRequest({"a"}).metadatas({change}).documents({"changed"})));
  const auto changed = run(collection.get(GetRequest().ids("a")));
  EXPECT_EQ((*changed.documents)[0], "changed");
  EXPECT_EQ((*changed.metadatas)[0]->count("x"), 0U);
  EXPECT_EQ((*changed.metadatas)[0]->at("n"), MetadataValue(5));

  run(collection.upsert(UpsertRequest({"c", "d"}, {{2.0F, 2.0F}, {3.0F, 3.0F}})));
  EXPECT_EQ(run(collection.count()), 4U);
  EXPECT_EQ(run(collection.peek(2)).ids.size(), 2U);

  EXPECT_EQ(run(collection.delete_records(DeleteRequest().ids("a", "b"))).deleted, 2U);
  EXPECT_EQ(run(collection.delete_records(DeleteRequest().where(Key("b") == true).limit(1))).deleted, 1U);
  EXPECT_EQ(run(collection.count()), 1U);
}

TEST_F(Records, FloatsRoundTripExactly) {
  using Limits = std::numeric_limits<float>;
  const std::vector<float> row = {
      0.1F,        -0.0F,       Limits::max(), Limits::lowest(), Limits::min(), Limits::denorm_min(),
      1.0F / 3.0F, 16777217.0F, 1e-10F,        3.4e37F};
  for (const auto encoding :
       {EmbeddingEncoding::Json, EmbeddingEncoding::Base64, EmbeddingEncoding::Automatic}) {
    auto options = real_options();
    options.database_name = database;
    options.embedding_encoding = encoding;
    const ChromaHttpClient encoded(runtime.executor(), options);
    const auto collection = run(encoded.create_collection(fresh_name("floats")));
    run(collection.add(AddRequest({"a"}, Embeddings::row(row))));
    const auto back = run(collection.get(GetRequest().include(Include::Embedding)));
    ASSERT_TRUE(back.embeddings.has_value());
    const auto got = (*back.embeddings)[0];
    ASSERT_EQ(got.size(), row.size());
    EXPECT_EQ(std::memcmp(got.data(), row.data(), row.size() * sizeof(float)), 0);
  }
}

TEST_F(Records, ArrayMetadata) {
  const auto collection = make_collection();
  Metadata metadata;
  metadata["ints"] = std::vector<std::int64_t>{1, 2};
  metadata["floats"] = std::vector<double>{1.5, 2.0};
  metadata["words"] = std::vector<std::string>{"x", "y"};
  metadata["flags"] = std::vector<bool>{true, false};
  run(collection.add(AddRequest({"a"}, {{1.0F}}).metadatas({metadata})));
  const auto back = run(collection.get(GetRequest().ids("a")));
  EXPECT_EQ(*(*back.metadatas)[0], metadata);
  EXPECT_EQ(run(collection.get(GetRequest().where(Key("words").contains_value("y")))).ids.size(), 1U);
  run(collection.delete_records(DeleteRequest().ids("a")));
}

TEST_F(Records, ServerErrorsReachTheCaller) {
  const auto collection = make_collection();
  run(collection.add(AddRequest({"a"}, {{1.0F, 2.0F, 3.0F}})));
  const auto dimension = fail(collection.add(AddRequest({"b"}, {{1.0F, 2.0F}})));
  ASSERT_TRUE(dimension.is<ApiError>()) << dimension.what();
  EXPECT_EQ(dimension.status(), 400);
  EXPECT_EQ(dimension.get_if<ApiError>()->name, "InvalidArgumentError");
  EXPECT_EQ(dimension.get_if<ApiError>()->message,
            "Collection expecting embedding with dimension of 3, got 2");

  EXPECT_EQ(fail(collection.search(SearchPayload().limit(1))).status(), 501);
  EXPECT_EQ(fail(collection.fork(fresh_name("fork"))).status(), 501);
  EXPECT_EQ(fail(collection.fork_count()).status(), 501);
  EXPECT_EQ(fail(collection.fork_count()).attempts(), 1U);
  const auto ordering = fail(collection.get(GetRequest().where(Key("s").gt("text"))));
  EXPECT_EQ(ordering.status(), 400);
}

TEST_F(Records, ThousandRowsOfRealWidth) {
  const auto collection = make_collection();
  constexpr std::size_t rows = 1000, width = 256;
  std::vector<float> values(rows * width);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 7919) / 7919.0F;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < rows; ++i) ids.push_back("id" + std::to_string(i));
  run(collection.upsert(UpsertRequest(ids, Embeddings::view(values, width))));
  auto back = run(collection.get(GetRequest().include(Include::Embedding)));
  ASSERT_EQ(back.ids.size(), rows);
  for (const auto row : back.rows()) {
    const auto index = std::stoul(std::string(row.id.substr(2)));
    ASSERT_TRUE(std::equal(row.embedding->begin(), row.embedding->end(), &values[index * width]));
  }
}

}  // namespace
}  // namespace chroma::test
