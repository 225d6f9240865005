// The embedding stage of the engine, with an embedding function, a server and a clock of the test's own.
#include "bulk/load.hpp"

#include <chroma/sparse_vector.hpp>

#include <set>

namespace chroma::bulk {
namespace {

using namespace std::chrono_literals;

KnownFunctions usable() {
  KnownFunctions functions;
  functions.find_fault = [] { return std::nullopt; };
  return functions;
}

/// The embedding of the text "7" is (7, 1).
Result<Vectors> embed(const Batch& batch) {
  std::vector<std::vector<float>> rows;
  for (const Row& row : batch.rows) rows.push_back({std::stof(*row.document()), 1.0F});
  Vectors vectors;
  vectors.embeddings = Embeddings(std::move(rows));
  return vectors;
}

ChromaHttpClientError function_error(const std::string& message,
                                     std::optional<std::size_t> text = std::nullopt, std::size_t count = 1,
                                     int status = 0, bool retryable = false) {
  EmbeddingFunctionError error;
  error.message = message;
  error.first_text = text;
  error.text_count = count;
  error.status = status;
  error.retryable = retryable;
  return ChromaHttpClientError(std::move(error));
}

BulkOptions small_calls(std::size_t rows = 10) {
  BulkOptions options;
  options.embedding_rows = rows;
  return options;
}

/// A load of records that have only documents.
class Texts : public Load {
 public:
  explicit Texts(BulkOptions options = small_calls(), unsigned seed = 1) : Load(options, seed, usable()) {
    model = embed;
    start();
  }
  void give_text(int number) { give_text("id" + std::to_string(number), number); }
  void give_text(const std::string& id, int number) { give(BulkRecord(id).document(std::to_string(number))); }
  void give_texts(int count) {
    for (int i = 0; i < count; ++i) give_text(i);
  }
  const Ended& outcome_of(std::uint64_t position) const {
    for (const Ended& ended : all) {
      for (const Row& row : ended.rows) {
        if (row.given.front().position == position) return ended;
      }
    }
    throw std::out_of_range("no outcome");
  }
  int most_calls() const {
    int most = 0;
    for (const auto& [text, count] : calls) most = std::max(most, count);
    return most;
  }
};

TEST(EmbeddingStage, EmbedsEachTextOnceAndStoresTheResult) {
  Texts load;
  load.give_texts(95);
  load.give("given", 1000);
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Stored), 96U);
  EXPECT_EQ(load.calls.size(), 95U);
  EXPECT_EQ(load.most_calls(), 1);
  EXPECT_EQ(load.values["id7"], 7);
  EXPECT_EQ(load.values["given"], 1000);
  EXPECT_EQ(load.engine.progress(load.now).embedded, 95U);
  EXPECT_EQ(load.engine.progress(load.now).buffered_bytes, 0U);
}

TEST(EmbeddingStage, TheLastRecordOfAnIdIsStoredLastWhileAnEarlierOneIsEmbedded) {
  Texts load(small_calls(1));
  load.give_text("a", 1);
  load.launch();
  load.give_text("a", 2);
  load.launch();
  ASSERT_EQ(load.embedding.size(), 2U);
  const auto first = load.embedding.front();
  load.embedding.erase(load.embedding.begin());
  load.engine.embedded(first, load.model(*first), load.now, 0.5);
  load.give("a", 3);
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Stored), 3U);
  EXPECT_EQ(load.values["a"], 3);
}

TEST(EmbeddingStage, WithoutAFunctionALaterDocumentJoinsTheRecordWithTheEmbedding) {
  for (const bool sparse : {false, true}) {
    KnownFunctions functions;
    functions.sparse = sparse;
    Load load(small_calls(), 1, functions);
    load.model = [](const Batch&) { return Result<Vectors>(Vectors()); };
    load.start();
    load.give(BulkRecord("a", {7, 1}).document("one"));
    load.give(BulkRecord("a").document("two"));
    std::string document;
    load.run([&](const Batch& batch) {
      document = *batch.rows.front().document();
      return ok();
    });
    EXPECT_EQ(load.count(RowOutcome::Stored), 2U) << sparse;
    EXPECT_EQ(load.values["a"], 7) << sparse;
    EXPECT_EQ(document, "two") << sparse;
  }
}

TEST(EmbeddingStage, ACallHasAtMostSoManyRowsAndSoManyRun) {
  auto options = small_calls(10);
  options.embedding_concurrency = 3;
  Texts load(options);
  load.give_texts(95);
  load.launch();
  ASSERT_EQ(load.embedding.size(), 3U);
  for (const auto& batch : load.embedding) EXPECT_EQ(batch->rows.size(), 10U);
  EXPECT_EQ(load.embedding[1]->rows.front().id(), "id10");
}

TEST(EmbeddingStage, WaitsForAFullCallOrTheInterval) {
  Texts load;
  load.give_texts(3);
  load.launch();
  EXPECT_TRUE(load.embedding.empty());
  EXPECT_EQ(load.engine.wake_at(load.now), load.now + 1s);
  load.now += 1s;
  load.launch();
  ASSERT_EQ(load.embedding.size(), 1U);
  EXPECT_EQ(load.embedding[0]->rows.size(), 3U);
}

TEST(EmbeddingStage, OverlapsWithStoring) {
  auto options = small_calls(10);
  options.limits = BulkLimits::custom(10, 1 << 20);
  options.concurrency = 2;
  options.embedding_concurrency = 1;
  Texts load(options);
  load.give_texts(30);
  load.launch();
  ASSERT_EQ(load.embedding.size(), 1U);
  EXPECT_TRUE(load.running.empty());
  load.end_one_embedding();
  load.launch();
  // While the first rows are stored, the next ones are embedded.
  ASSERT_EQ(load.running.size(), 1U);
  ASSERT_EQ(load.embedding.size(), 1U);
  EXPECT_EQ(load.running[0]->rows.front().id(), "id0");
  EXPECT_EQ(load.embedding[0]->rows.front().id(), "id10");
  load.end_one_embedding();
  load.launch();
  EXPECT_EQ(load.running.size(), 2U);
  EXPECT_EQ(load.embedding.size(), 1U);
}

TEST(EmbeddingStage, ARowThatWaitsIsCountedWithItsEmbedding) {
  auto options = small_calls();
  options.max_buffered_bytes = 1 << 20;
  Load load(options, 1, usable());
  load.target.dimension = 1000;
  load.start();
  int given = 0;
  while (!load.engine.is_full()) load.give(BulkRecord(std::to_string(given++)).document("7"));
  EXPECT_LE(given, (1 << 20) / 4000 + 1);
  load.model = [](const Batch& batch) {
    Vectors vectors;
    vectors.embeddings = Embeddings(std::vector<float>(batch.rows.size() * 1000, 1.0F), 1000);
    return Result<Vectors>(std::move(vectors));
  };
  load.launch();
  load.end_one_embedding();
  // A row has its embedding now, and takes about what was counted before.
  EXPECT_LT(load.engine.progress(load.now).buffered_bytes, (1U << 20) + 20'000);
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.engine.progress(load.now).buffered_bytes, 0U);
}

TEST(EmbeddingStage, AFullBufferIsEmbeddedAlthoughACallIsNotFull) {
  auto options = small_calls(1000);
  options.flush_interval = 0ms;
  options.max_buffered_bytes = 100'000;
  Texts load(options);
  int given = 0;
  while (!load.engine.is_full()) load.give_text(given++);
  ASSERT_LT(given, 1000);
  load.launch();
  ASSERT_EQ(load.embedding.size(), 1U);
  load.end_one_embedding();  // The embeddings are shorter than presumed: there is room again.
  EXPECT_FALSE(load.engine.is_full());
}

TEST(EmbeddingStage, ABatchThatIsSentAgainOrDividedIsNotEmbeddedAgain) {
  Texts load;
  load.give_texts(100);
  int faults = 0;
  load.run([&](const Batch& batch) -> Result<void> {
    if (++faults <= 3) return api_error(503);
    if (batch.rows.size() > 20) return api_error(413);
    for (const Row& row : batch.rows) {
      if (row.id() == "id13") return api_error(400, "bad");
    }
    return ok();
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 99U);
  EXPECT_EQ(load.most_calls(), 1);
  const Ended& refused = load.outcome_of(13);
  EXPECT_EQ(refused.outcome, RowOutcome::Failed);
  EXPECT_EQ(refused.rows.front().embedding()->front(), 13);
}

TEST(EmbeddingStage, RetryableErrorsAreTriedAgain) {
  Texts load;
  load.give_texts(20);
  int faults = 0;
  load.model = [&](const Batch& batch) -> Result<Vectors> {
    if (++faults <= 4) return function_error("busy", std::nullopt, 1, 429, true);
    return embed(batch);
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Stored), 20U);
  EXPECT_EQ(load.engine.progress(load.now).retries, 4U);
}

TEST(EmbeddingStage, RetryableErrorsThatRemainFailTheRowsAndAtLastTheLoad) {
  auto options = small_calls();
  options.give_up_after = 5min;
  Texts load(options);
  load.give_texts(20);
  load.give("given", 5);
  load.model = [](const Batch&) -> Result<Vectors> {
    return function_error("down", std::nullopt, 1, 503, true);
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes.size(), 21U);
  EXPECT_EQ(load.outcomes[20], RowOutcome::Stored);
  EXPECT_EQ(load.count(RowOutcome::Stored), 1U);
}

TEST(EmbeddingStage, ATextThatTheFunctionNamesFailsAloneAfterOneCall) {
  Texts load(small_calls(50));
  load.give_texts(50);
  int calls = 0;
  load.model = [&](const Batch& batch) -> Result<Vectors> {
    ++calls;
    std::size_t i = 0;
    for (const Row& row : batch.rows) {
      const auto& text = *row.document();
      if (text == "3" || text == "44") return function_error("too long", i, 1, 400);
      ++i;
    }
    return embed(batch);
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(load.count(RowOutcome::Stored), 48U);
  for (const std::uint64_t position : {3U, 44U}) {
    const Ended& refused = load.outcome_of(position);
    EXPECT_EQ(refused.outcome, RowOutcome::Failed);
    ASSERT_EQ(refused.rows.size(), 1U);
    EXPECT_EQ(refused.error->get_if<EmbeddingFunctionError>()->message, "too long");
    EXPECT_EQ(refused.error->get_if<EmbeddingFunctionError>()->first_text, 0U);
  }
}

TEST(EmbeddingStage, ATextInARangeThatTheFunctionNamesIsFound) {
  Texts load(small_calls(60));
  load.give_texts(60);
  std::size_t largest_repeated = 0;
  load.model = [&](const Batch& batch) -> Result<Vectors> {
    // The function sends 20 texts at once to a provider that does not say which one it refuses.
    std::size_t i = 0;
    for (const Row& row : batch.rows) {
      const std::size_t first = i / 20 * 20;
      const std::size_t last = std::min(first + 20, batch.rows.size());
      if (*row.document() == "33") return function_error("refused", first, last - first, 400);
      ++i;
    }
    largest_repeated = std::max(largest_repeated, batch.rows.size());
    return embed(batch);
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Stored), 59U);
  EXPECT_EQ(load.outcomes[33], RowOutcome::Failed);
  EXPECT_LE(largest_repeated, 20U);
}

TEST(EmbeddingStage, ATextThatIsNotNamedIsFoundByHalves) {
  Texts load(small_calls(100));
  load.give_texts(100);
  int calls = 0;
  load.model = [&](const Batch& batch) -> Result<Vectors> {
    ++calls;
    for (const Row& row : batch.rows) {
      if (*row.document() == "0") return function_error("I do not like one of these");
    }
    return embed(batch);
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Stored), 99U);
  EXPECT_EQ(load.outcomes[0], RowOutcome::Failed);
  EXPECT_LE(calls, 2 * 7 + 1);
  EXPECT_LE(load.most_calls(), 8);  // Of the bad text.
}

TEST(EmbeddingStage, WithoutIsolationTheWholeCallFails) {
  auto options = small_calls(10);
  options.isolate_bad_rows = false;
  Texts load(options);
  load.give_texts(20);
  load.model = [](const Batch& batch) -> Result<Vectors> {
    if (*batch.rows.front().document() == "0") return function_error("no", 3);
    return embed(batch);
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Failed), 10U);
  EXPECT_EQ(load.count(RowOutcome::Stored), 10U);
}

TEST(EmbeddingStage, StopsIfTheFunctionFailsAtEveryText) {
  Texts load(small_calls(100));
  load.give_texts(1000);
  int calls = 0;
  load.model = [&](const Batch&) -> Result<Vectors> {
    ++calls;
    return function_error("the model is broken");
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_LE(calls, 17);
  EXPECT_EQ(load.outcomes.size(), 1000U);
  EXPECT_GE(load.count(RowOutcome::NotSent), 980U);
  ASSERT_TRUE(load.engine.stopped());
  EXPECT_EQ(load.engine.stopped()->get_if<EmbeddingFunctionError>()->message, "the model is broken");
  EXPECT_EQ(load.engine.progress(load.now).not_sent, load.count(RowOutcome::NotSent));
}

TEST(EmbeddingStage, ManyBadTextsThatAreNamedDoNotStopTheLoad) {
  Texts load(small_calls(100));
  load.give_texts(100);
  load.model = [&](const Batch& batch) -> Result<Vectors> {
    std::size_t i = 0;
    for (const Row& row : batch.rows) {
      if (std::stoi(*row.document()) < 40) return function_error("too long", i);
      ++i;
    }
    return embed(batch);
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Failed), 40U);
  EXPECT_EQ(load.count(RowOutcome::Stored), 60U);
}

TEST(EmbeddingStage, InvalidTextsFailWithoutAStop) {
  Texts load(small_calls(64));
  load.give_texts(64);
  load.model = [&](const Batch&) -> Result<Vectors> {
    return ChromaHttpClientError(ValidationError{"text 0 is not valid UTF-8", "texts"});
  };
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Failed), 64U);
  EXPECT_FALSE(load.engine.stopped());
}

TEST(EmbeddingStage, ARefusedKeyStopsAtOnce) {
  for (const int status : {401, 402, 403, 404}) {
    Texts load;
    load.give_texts(100);
    int calls = 0;
    load.model = [&](const Batch&) -> Result<Vectors> {
      ++calls;
      return function_error("no", 0, 10, status);
    };
    load.run([](const Batch&) { return ok(); });
    EXPECT_LE(calls, 2);
    EXPECT_EQ(load.outcomes.size(), 100U);
    ASSERT_TRUE(load.engine.stopped());
    EXPECT_EQ(load.engine.stopped()->status(), status);
  }
}

TEST(EmbeddingStage, EmbeddingsOfAnotherDimensionStopTheLoadAndAreHandedBack) {
  Load load(small_calls(), 1, usable());
  load.target.dimension = 3;
  load.model = embed;
  load.start();
  for (int i = 0; i < 100; ++i) load.give(BulkRecord(std::to_string(i)).document(std::to_string(i)));
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes.size(), 100U);
  EXPECT_LE(load.calls.size(), 20U);
  ASSERT_TRUE(load.engine.stopped());
  for (const Ended& ended : load.all) {
    for (const Row& row : ended.rows) EXPECT_EQ(row.embedding().has_value(), load.calls.contains(row.id()));
  }
}

TEST(EmbeddingStage, RowsThatAreStoppedKeepTheirEmbeddings) {
  auto options = small_calls(10);
  options.embedding_concurrency = 2;
  Texts load(options);
  load.give_texts(100);
  load.launch();
  load.end_one_embedding();
  load.engine.stop(api_error(403));
  ASSERT_EQ(load.embedding.size(), 1U);  // Still runs.
  load.settle();
  EXPECT_EQ(load.outcomes.size(), 90U);
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes.size(), 100U);
  EXPECT_EQ(load.count(RowOutcome::NotSent), 100U);
  std::size_t with_embedding = 0;
  for (const Ended& ended : load.all) {
    for (const Row& row : ended.rows) with_embedding += row.embedding() ? 1U : 0U;
  }
  EXPECT_EQ(with_embedding, 20U);
  EXPECT_EQ(load.engine.open_rows(), 0U);
}

TEST(EmbeddingStage, WithoutAFunctionRowsAreRefusedByName) {
  auto functions = usable();
  functions.find_fault = [] { return function_error("no factory for \"x\""); };
  for (const auto& known : {KnownFunctions(), functions}) {
    Load load(small_calls(), 1, known);
    load.start();
    load.give("with");
    load.give(BulkRecord("without").document("1"));
    load.run([](const Batch&) { return ok(); });
    EXPECT_EQ(load.outcomes[0], RowOutcome::Stored);
    EXPECT_EQ(load.outcomes[1], RowOutcome::Failed);
    EXPECT_TRUE(load.calls.empty());
    const auto* fault = load.all[0].error ? load.all[0].error->get_if<ValidationError>() : nullptr;
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->field, "embedding");
    EXPECT_TRUE(fault->message.starts_with("record at position 1: is missing")) << fault->message;
  }
}

TEST(EmbeddingStage, ARowWithoutTextIsRefusedByName) {
  Texts load;
  load.give_text(0);
  load.give(BulkRecord("nothing"));
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes[0], RowOutcome::Stored);
  EXPECT_EQ(load.outcomes[1], RowOutcome::Failed);
  EXPECT_EQ(load.outcome_of(1).error->get_if<ValidationError>()->field, "document");
}

TEST(EmbeddingStage, AnUpdateEmbedsNewDocumentsAlone) {
  auto options = small_calls();
  options.operation = BulkOperation::Update;
  Texts load(options);
  load.give_text(5);
  load.give(BulkRecord("uri").uri("x"));
  load.run([](const Batch& batch) {
    for (const Row& row : batch.rows) EXPECT_EQ(row.embedding().has_value(), row.id() == "id5");
    return ok();
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 2U);
  EXPECT_EQ(load.calls.size(), 1U);
}

TEST(EmbeddingStage, AnUpdateWithoutAFunctionKeepsTheStoredEmbedding) {
  auto options = small_calls();
  options.operation = BulkOperation::Update;
  Load load(options);
  load.model = [](const Batch&) { return Result<Vectors>(Vectors()); };
  load.start();
  load.give(BulkRecord("a").document("new"));
  load.run([](const Batch& batch) {
    EXPECT_FALSE(batch.rows.front().embedding());
    return ok();
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 1U);
}

TEST(EmbeddingStage, SparseVectorsAreMadeForRowsWithAndWithoutEmbeddings) {
  auto functions = usable();
  functions.sparse = true;
  Load load(small_calls(), 1, functions);
  load.start();
  load.model = [](const Batch& batch) {
    const bool has = batch.rows.front().embedding().has_value();
    Vectors vectors;
    vectors.metadatas.emplace();
    for (const Row& row : batch.rows) {
      EXPECT_EQ(row.embedding().has_value(), has) << "a call is for rows of one kind";
      UpdateMetadata metadata;
      if (row.metadata()) metadata = *row.metadata();
      metadata["sparse"] = SparseVector({1, 2}, {0.5F, 1.0F});
      vectors.metadatas->emplace_back(std::move(metadata));
    }
    if (!has) vectors.embeddings = embed(batch)->embeddings;
    return Result<Vectors>(std::move(vectors));
  };
  for (int i = 0; i < 40; ++i) {
    BulkRecord record("id" + std::to_string(i));
    record.document(std::to_string(i));
    if (i % 2 == 0) record.embedding(std::vector<float>{100.0F + static_cast<float>(i), 1.0F});
    load.give(std::move(record));
  }
  load.run([](const Batch& batch) {
    for (const Row& row : batch.rows) EXPECT_TRUE(row.metadata()->contains("sparse"));
    return ok();
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 40U);
  EXPECT_EQ(load.calls.size(), 40U);
  EXPECT_EQ(load.values["id4"], 104);
  EXPECT_EQ(load.values["id5"], 5);
  EXPECT_EQ(load.engine.progress(load.now).embedded, 20U);
}

TEST(EmbeddingStage, ALaterRowOfAnIdDoesNotOvertakeOneThatIsEmbedded) {
  Texts load(small_calls(1));
  load.give_text("a", 1);
  load.launch();
  load.give("a", 2);
  load.give("b", 3);
  load.now += 1s;
  load.launch();
  ASSERT_EQ(load.running.size(), 1U);
  ASSERT_EQ(load.running[0]->rows.size(), 1U);
  EXPECT_EQ(load.running[0]->rows.front().id(), "b");
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.values["a"], 2);
  EXPECT_EQ(load.count(RowOutcome::Stored), 3U);
}

TEST(EmbeddingStage, AnEarlierRowOfAnIdDoesNotWaitForOneThatIsEmbedded) {
  Texts load(small_calls(1));
  load.give("a", 1);
  load.give_text("a", 2);
  load.now += 1s;
  load.launch();
  ASSERT_EQ(load.running.size(), 1U);
  EXPECT_EQ(load.running[0]->rows.front().embedding()->front(), 1);
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.values["a"], 2);
}

TEST(EmbeddingStage, JoinedRowsAreEmbeddedByTheLastDocument) {
  Texts load;
  load.give(BulkRecord("a").document("1"));
  load.give(BulkRecord("a").document("2").uri("x"));
  load.give(BulkRecord("b").document("3"));
  load.give(BulkRecord("b", {30.0F, 1.0F}));  // Needs no embedding any more.
  load.give(BulkRecord("c").document("4"));
  load.give(BulkRecord("c", {40.0F, 1.0F}));
  load.give(BulkRecord("c").document("5"));  // The embedding belongs to another document.
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Stored), 7U);
  EXPECT_EQ(load.values["a"], 2);
  EXPECT_EQ(load.values["b"], 30);
  EXPECT_EQ(load.values["c"], 5);
  EXPECT_FALSE(load.calls.contains("1"));
  EXPECT_FALSE(load.calls.contains("3"));
}

TEST(EmbeddingStage, EveryPolicyKeepsTheLastValueOfAnIdUnderFaults) {
  for (const auto policy : {SameId::KeepLast, SameId::Sequence}) {
    for (unsigned seed = 0; seed < 60; ++seed) {
      auto options = small_calls(4);
      options.same_id = policy;
      options.concurrency = 4;
      options.limits = BulkLimits::custom(5, 1 << 20);
      options.retry.max_tries = 1000;
      Texts load(options, seed);
      std::mt19937 random(seed);
      std::map<std::string, float> expected;
      load.model = [&](const Batch& batch) -> Result<Vectors> {
        if (random() % 4 == 0) return function_error("busy", std::nullopt, 1, 503, true);
        if (random() % 8 == 0) return ChromaHttpClientError(RequestError{Stage::timeout, {}, ""});
        return embed(batch);
      };
      const Load::Server server = [&](const Batch&) -> Result<void> {
        if (random() % 6 == 0) return api_error(503);
        if (random() % 6 == 0) return api_error(429);
        return ok();
      };
      for (int i = 0; i < 120; ++i) {
        const auto id = std::to_string(random() % 10);
        if (random() % 3 == 0) {
          load.give(id, static_cast<float>(i));
        } else {
          load.give_text(id, i);
        }
        expected[id] = static_cast<float>(i);
        load.launch();
        if (!load.running.empty() && random() % 3 == 0) load.end_one(server);
        if (!load.embedding.empty() && random() % 3 == 0) load.end_one_embedding();
      }
      load.run(server);
      EXPECT_EQ(load.outcomes.size(), 120U);
      EXPECT_EQ(load.count(RowOutcome::Stored), 120U) << "seed " << seed;
      for (const auto& [id, value] : expected) EXPECT_EQ(load.values[id], value) << "seed " << seed;
      EXPECT_EQ(load.engine.open_rows(), 0U);
      EXPECT_EQ(load.engine.progress(load.now).buffered_bytes, 0U);
    }
  }
}

TEST(EmbeddingStage, RejectsAnIdThatIsBeingEmbedded) {
  auto options = small_calls(1);
  options.same_id = SameId::Reject;
  Texts load(options);
  load.give_text("a", 1);
  load.launch();
  load.give_text("a", 2);
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes[1], RowOutcome::Failed);
  load.give_text("a", 3);
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes[2], RowOutcome::Stored);
}

}  // namespace
}  // namespace chroma::bulk
