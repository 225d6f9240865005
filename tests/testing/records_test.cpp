// Records of the fake server. The integration tests compare everything else with a real server.
#include "testing/fixture.hpp"

#include <algorithm>
#include <array>

namespace chroma::test {
namespace {

class FakeRecords : public FakeServerTest {
 protected:
  /// Three records, with metadata of every type.
  ChromaCollection filled() {
    const auto collection = books();
    std::vector<Metadata> metadatas(3);
    metadatas[0] = {{"year", 1965}, {"genre", "novel"}, {"price", 9.5}, {"read", true}};
    metadatas[1] = {{"year", 1984}, {"genre", "novel"}, {"tags", std::vector<std::string>{"cyber", "noir"}}};
    metadatas[2] = {{"year", 1818}, {"genre", "gothic"}};
    run(collection.add(
        AddRequest({"dune", "neuromancer", "frankenstein"}, {{1.0F, 0.0F}, {0.0F, 1.0F}, {2.0F, 2.0F}})
            .documents({"Spice on Arrakis", "The sky above the port", std::nullopt})
            .uris({std::nullopt, "u://n", std::nullopt})
            .metadatas(metadatas)));
    return collection;
  }
  std::vector<std::string> ids(const ChromaCollection& collection, const Where& where) {
    return run(collection.get(GetRequest().where(where))).ids;
  }
};

using Ids = std::vector<std::string>;

TEST_F(FakeRecords, GetGivesTheColumnsThatWereAskedFor) {
  const auto collection = filled();
  const auto all = run(collection.get(GetRequest().include(IncludeList::all())));
  EXPECT_EQ(all.ids, (Ids{"dune", "neuromancer", "frankenstein"}));
  EXPECT_EQ((*all.documents)[0], "Spice on Arrakis");
  EXPECT_FALSE((*all.documents)[2].has_value());
  EXPECT_EQ((*all.uris)[1], "u://n");
  EXPECT_EQ((*all.metadatas)[0]->at("price"), MetadataValue(9.5));
  EXPECT_EQ((*all.embeddings)[2][1], 2.0F);

  const auto page = run(collection.get(GetRequest().limit(1).offset(1).include(IncludeList::empty())));
  EXPECT_EQ(page.ids, Ids{"neuromancer"});
  EXPECT_FALSE(page.documents.has_value());
  EXPECT_EQ(run(collection.get(GetRequest().ids("frankenstein", "dune", "none"))).ids,
            (Ids{"dune", "frankenstein"}));
}

TEST_F(FakeRecords, EveryOperatorOfFilters) {
  const auto collection = filled();
  EXPECT_EQ(ids(collection, Key("year") == 1984), Ids{"neuromancer"});
  EXPECT_EQ(ids(collection, Key("year") != 1984), (Ids{"dune", "frankenstein"}));
  EXPECT_EQ(ids(collection, Key("year") > 1965), Ids{"neuromancer"});
  EXPECT_EQ(ids(collection, Key("year") >= 1965.0), (Ids{"dune", "neuromancer"}));
  EXPECT_EQ(ids(collection, Key("year") < 1965), Ids{"frankenstein"});
  EXPECT_EQ(ids(collection, Key("year") <= 1965), (Ids{"dune", "frankenstein"}));
  EXPECT_EQ(ids(collection, Key("read") == true), Ids{"dune"});
  EXPECT_EQ(ids(collection, Key("genre").is_in("gothic", "poem")), Ids{"frankenstein"});
  EXPECT_EQ(ids(collection, Key("genre").not_in("gothic", "poem")), (Ids{"dune", "neuromancer"}));
  EXPECT_EQ(ids(collection, Key("tags").contains_value("noir")), Ids{"neuromancer"});
  EXPECT_EQ(ids(collection, Key("tags").not_contains_value("noir")), (Ids{"dune", "frankenstein"}));
  EXPECT_EQ(ids(collection, Key::Document.contains("sky")), Ids{"neuromancer"});
  EXPECT_EQ(ids(collection, Key::Document.not_contains("sky")), (Ids{"dune", "frankenstein"}));
  EXPECT_EQ(ids(collection, Key::Document.regex("(?i)^spice")), Ids{"dune"});
  EXPECT_EQ(ids(collection, Key::Document.not_regex("(?i)^spice")), (Ids{"neuromancer", "frankenstein"}));
  EXPECT_EQ(ids(collection, Key("genre") == "novel" && (Key("year") > 1970 || Key("read") == true)),
            (Ids{"dune", "neuromancer"}));
  EXPECT_EQ(fail(collection.get(GetRequest().where(Key("genre").gt("a")))).status(), 400);
}

TEST_F(FakeRecords, QueryFindsTheNearest) {
  const auto collection = filled();
  const auto found = run(collection.query(QueryRequest({{0.9F, 0.1F}, {2.0F, 2.0F}}).n_results(2)));
  EXPECT_EQ(found.ids.at(0), (Ids{"dune", "neuromancer"}));
  EXPECT_EQ(found.ids.at(1).at(0), "frankenstein");
  EXPECT_NEAR(*found.distances->at(0).at(0), 0.02F, 1e-6F);
  EXPECT_EQ(*found.distances->at(1).at(0), 0.0F);

  const auto filtered = run(collection.query(QueryRequest({{0.9F, 0.1F}}).where(Key("year") < 1900)));
  EXPECT_EQ(filtered.ids.at(0), Ids{"frankenstein"});
  EXPECT_EQ(run(collection.query(QueryRequest({{0.9F, 0.1F}}).ids("neuromancer"))).ids.at(0),
            Ids{"neuromancer"});
  EXPECT_EQ(fail(collection.query(QueryRequest({{1.0F}}))).get_if<ApiError>()->message,
            "Collection expecting embedding with dimension of 2, got 1");
}

TEST_F(FakeRecords, WritesMergeAsTheServerDoes) {
  const auto collection = filled();
  run(collection.add(AddRequest({"dune", "new"}, {{9.0F, 9.0F}, {5.0F, 5.0F}})));
  EXPECT_EQ(run(collection.count()), 4U);
  EXPECT_EQ((*run(collection.get(GetRequest().ids("dune").include(Include::Embedding))).embeddings)[0][0],
            1.0F);

  const UpdateMetadata change{{"price", nullptr}, {"year", 1966}};
  run(collection.update(
      UpdateRequest({"dune", "unknown"}).metadatas({change, UpdateMetadata()}).documents({"Changed", "x"})));
  const auto changed = run(collection.get(GetRequest().ids("dune")));
  EXPECT_EQ((*changed.documents)[0], "Changed");
  EXPECT_EQ((*changed.metadatas)[0], (Metadata{{"year", 1966}, {"genre", "novel"}, {"read", true}}));
  EXPECT_EQ(run(collection.count()), 4U);

  run(collection.upsert(UpsertRequest({"dune", "fifth"}, {{7.0F, 7.0F}, {8.0F, 8.0F}})));
  EXPECT_EQ(run(collection.count()), 5U);
  EXPECT_EQ(fail(collection.add(AddRequest({"x"}, {{1.0F, 2.0F, 3.0F}}))).get_if<ApiError>()->message,
            "Collection expecting embedding with dimension of 2, got 3");
}

TEST_F(FakeRecords, Delete) {
  const auto collection = filled();
  EXPECT_EQ(run(collection.delete_records(DeleteRequest().ids("dune", "none"))).deleted, 2U);
  EXPECT_EQ(run(collection.delete_records(DeleteRequest().where(Key("year") > 0).limit(1))).deleted, 1U);
  EXPECT_EQ(run(collection.get()).ids, Ids{"frankenstein"});
}

TEST_F(FakeRecords, EmbeddingsAsNumbersAndAsBase64) {
  const std::vector<float> row = {0.1F, -0.0F, 3.4e38F, 1e-45F, 16777217.0F};
  for (const auto encoding : {EmbeddingEncoding::Json, EmbeddingEncoding::Base64}) {
    auto options = server.options();
    options.embedding_encoding = encoding;
    const ChromaHttpClient encoded(runtime.executor(), options);
    const auto collection = run(encoded.get_or_create_collection("floats"));
    run(collection.upsert(UpsertRequest({"a"}, Embeddings::row(row))));
    EXPECT_EQ(server.requests().back().body.find("zczMPQ") != std::string::npos,
              encoding == EmbeddingEncoding::Base64);
    const auto back = run(collection.get(GetRequest().include(Include::Embedding)));
    EXPECT_TRUE(std::ranges::equal((*back.embeddings)[0], row));
  }
}

TEST_F(FakeRecords, LongDocumentsAndForeignPatterns) {
  const auto collection = books();
  const std::string document(1'000'000, 'a');
  run(collection.add(AddRequest({"a"}, {{1.0F}}).documents(std::vector<std::string>{document + "é"})));
  EXPECT_EQ(ids(collection, Key::Document.regex("^a+\\w$")), Ids{"a"});
  EXPECT_EQ(ids(collection, Key::Document.regex("(?P<last>.)$")), Ids{"a"});
  // The match exceeds the limits of Boost.Regex. The server survives that.
  EXPECT_EQ(fail(collection.get(GetRequest().where(Key::Document.regex("^(a|b)+é$")))).status(), 501);
  const auto foreign = fail(collection.get(GetRequest().where(Key::Document.regex("\\p{Greek}"))));
  EXPECT_EQ(foreign.status(), 501);
  EXPECT_NE(foreign.get_if<ApiError>()->message.find("FakeServer cannot evaluate the pattern"),
            std::string::npos);
}

}  // namespace
}  // namespace chroma::test
