// The bulk load as a state machine, with a server and a clock of the test's own.
#include "bulk/checked_options.hpp"
#include "bulk/load.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>
#include <string>

namespace chroma::bulk {
namespace {

using namespace std::chrono_literals;

TEST(Engine, StoresEachRowOnceInBatchesWithinTheLimits) {
  BulkOptions options;
  options.limits = BulkLimits::custom(10, 2000);
  Load load(options);
  for (int i = 0; i < 95; ++i) load.give("id" + std::to_string(i));
  load.start();
  load.run([](const Batch& batch) {
    EXPECT_LE(batch.rows.size(), 10U);
    EXPECT_LE(batch.bytes, 2000U);
    return ok();
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 95U);
  EXPECT_EQ(load.applied.size(), 95U);
  EXPECT_EQ(load.engine.progress(load.now).stored, 95U);
  EXPECT_EQ(load.engine.progress(load.now).buffered_bytes, 0U);
}

TEST(Engine, WaitsForAFullBatchOrTheInterval) {
  BulkOptions options;
  options.limits = BulkLimits::custom(10, 1 << 20);
  Load load(options);
  load.start();
  load.give("a");
  load.launch();
  EXPECT_TRUE(load.running.empty());
  EXPECT_EQ(load.engine.wake_at(load.now), load.now + 1s);
  load.now += 1s;
  load.launch();
  EXPECT_EQ(load.running.size(), 1U);
}

TEST(Engine, LaterRowOfAnIdWaitsForTheOutcomeOfTheEarlierOne) {
  BulkOptions options;
  options.limits = BulkLimits::custom(1, 1 << 20);
  options.concurrency = 4;
  Load load(options);
  load.start();
  load.give("a", 1);
  load.launch();
  load.give("a", 2);
  load.give("b", 3);
  load.launch();
  ASSERT_EQ(load.running.size(), 2U);
  EXPECT_EQ(load.running[1]->rows.front().id(), "b");
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.values["a"], 2);
  EXPECT_EQ(load.count(RowOutcome::Stored), 3U);
}

TEST(Engine, EveryPolicyKeepsTheLastValueOfAnIdUnderFaults) {
  for (const auto policy : {SameId::KeepLast, SameId::Sequence}) {
    for (unsigned seed = 0; seed < 60; ++seed) {
      BulkOptions options;
      options.same_id = policy;
      options.concurrency = 4;
      options.limits = BulkLimits::custom(5, 1 << 20);
      options.retry.max_tries = 1000;
      Load load(options, seed);
      load.start();
      std::mt19937 random(seed);
      std::map<std::string, float> expected;
      const Load::Server server = [&](const Batch&) -> Result<void> {
        switch (random() % 8) {
          case 0:
            return api_error(503);
          case 1:
            return api_error(429);
          case 2:
            return ChromaHttpClientError(RequestError{Stage::timeout, {}, ""});
          case 3:
            return api_error(413);
          default:
            return ok();
        }
      };
      for (int i = 0; i < 120; ++i) {
        const auto id = std::to_string(random() % 10);
        load.give(id, static_cast<float>(i));
        expected[id] = static_cast<float>(i);
        load.launch();
        if (!load.running.empty() && random() % 3 == 0) load.end_one(server);
      }
      load.run([&](const Batch& batch) -> Result<void> {
        auto result = server(batch);
        // A single row that is too large would fail for good.
        if (!result.has_value() && result.error().status() == 413 && batch.rows.size() == 1) return ok();
        return result;
      });
      EXPECT_EQ(load.outcomes.size(), 120U);
      for (const auto& [id, value] : expected) {
        if (load.count(RowOutcome::Failed) > 0) continue;
        EXPECT_EQ(load.values[id], value) << "seed " << seed;
      }
    }
  }
}

TEST(Engine, JoinsFieldsOfRowsThatWait) {
  Load load;
  load.start();
  UpdateMetadata first;
  first["x"] = 1;
  first["y"] = 2;
  UpdateMetadata second;
  second["y"] = nullptr;
  load.give(BulkRecord("a", {1.0F}).document("text").metadata(first));
  load.give(BulkRecord("a").embedding(std::vector<float>{5.0F}).metadata(second));
  load.run([&](const Batch& batch) {
    EXPECT_EQ(batch.rows.size(), 1U);
    const Row& row = batch.rows.front();
    EXPECT_EQ(row.embedding()->front(), 5);
    EXPECT_EQ(*row.document(), "text");
    EXPECT_TRUE(row.metadata()->at("y").is_null());
    EXPECT_TRUE(row.metadata()->contains("x"));
    return ok();
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 2U);
  EXPECT_EQ(load.engine.progress(load.now).joined, 1U);
}

TEST(Engine, CountsTheMemoryOfJoinedRowsOnce) {
  Load load;
  load.start();
  const std::string text(1000, 'x');
  for (int i = 0; i < 100; ++i) load.give(BulkRecord("a", {1.0F}).document(text));
  EXPECT_LT(load.engine.progress(load.now).buffered_bytes, 10 * text.size());
  load.give(BulkRecord("b", {1.0F}));
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.count(RowOutcome::Stored), 101U);
  EXPECT_EQ(load.engine.progress(load.now).buffered_bytes, 0U);
}

TEST(Engine, RowsThatAreGivenAfterAStopAreNotSent) {
  BulkOptions options;
  options.same_id = SameId::Reject;
  options.on_error = OnError::Stop;
  Load load(options);
  load.start();
  load.give("a");
  load.give("a");  // Stops the load in the middle of a block.
  load.give("b");
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes[1], RowOutcome::Failed);
  EXPECT_EQ(load.count(RowOutcome::NotSent), 2U);
  EXPECT_EQ(load.engine.progress(load.now).not_sent, 2U);
  EXPECT_EQ(load.engine.open_rows(), 0U);
}

TEST(Engine, RejectsAnIdThatIsOpen) {
  BulkOptions options;
  options.same_id = SameId::Reject;
  Load load(options);
  load.start();
  load.give("a");
  load.give("a");
  load.run([](const Batch&) { return ok(); });
  load.give("a");
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes[1], RowOutcome::Failed);
  EXPECT_EQ(load.count(RowOutcome::Stored), 2U);
}

TEST(Engine, IsolatesBadRowsWithFewRequests) {
  Load load;
  load.start();
  for (int i = 0; i < 250; ++i) load.give("id" + std::to_string(i));
  std::size_t requests = 0;
  load.run([&](const Batch& batch) -> Result<void> {
    ++requests;
    for (const Row& row : batch.rows) {
      if (row.id() == "id7" || row.id() == "id249") return api_error(400, "bad");
    }
    return ok();
  });
  EXPECT_EQ(load.outcomes[7], RowOutcome::Failed);
  EXPECT_EQ(load.outcomes[249], RowOutcome::Failed);
  EXPECT_EQ(load.count(RowOutcome::Stored), 248U);
  EXPECT_LE(requests, 2U * 2 * 8 + 1);
}

TEST(Engine, LearnsTheLimitOfTheBody) {
  Load load;
  load.start();
  for (int i = 0; i < 1000; ++i) load.give("id" + std::to_string(i));
  std::size_t refused = 0;
  load.run([&](const Batch& batch) -> Result<void> {
    if (batch.bytes <= 1500) return ok();
    ++refused;
    return api_error(413);
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 1000U);
  EXPECT_LE(refused, 12U);
}

TEST(Engine, LearnsTheQuotaOfRows) {
  Load load;
  load.start();
  for (int i = 0; i < 1000; ++i) load.give("id" + std::to_string(i));
  std::size_t refused = 0;
  load.run([&](const Batch& batch) -> Result<void> {
    if (batch.rows.size() <= 60) return ok();
    ++refused;
    return api_error(
        422,
        "Quota exceeded: 'Number of records' exceeded quota limit for action 'Upsert': current usage of "
        "250 exceeds limit of 60. Ask for more");
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 1000U);
  EXPECT_LE(refused, 2U);
}

TEST(Engine, StopsForWhatEveryRequestWouldMeet) {
  for (const int status : {401, 403, 404, 501}) {
    Load load;
    load.start();
    for (int i = 0; i < 1000; ++i) load.give("id" + std::to_string(i));
    std::size_t requests = 0;
    load.run([&](const Batch&) -> Result<void> {
      ++requests;
      return api_error(status, "no");
    });
    EXPECT_LE(requests, 2U);
    EXPECT_EQ(load.outcomes.size(), 1000U);
    EXPECT_GE(load.count(RowOutcome::NotSent), 500U);
    ASSERT_TRUE(load.engine.stopped());
    EXPECT_EQ(load.engine.stopped()->status(), status);
    EXPECT_EQ(load.engine.progress(load.now).not_sent, load.count(RowOutcome::NotSent));
  }
}

TEST(Engine, GivesUpAfterATimeWithoutSuccess) {
  BulkOptions options;
  options.give_up_after = 5min;
  Load load(options);
  load.start();
  for (int i = 0; i < 10; ++i) load.give("id" + std::to_string(i));
  const auto began = load.now;
  load.run([](const Batch&) -> Result<void> { return api_error(429, "You have been rate limited."); });
  EXPECT_EQ(load.outcomes.size(), 10U);
  EXPECT_TRUE(load.engine.stopped());
  EXPECT_GE(load.now - began, 5min);
  EXPECT_LE(load.now - began, 7min);
}

TEST(Engine, DoesNotWaitForARetryAfterThatEndsAfterGivingUp) {
  BulkOptions options;
  options.give_up_after = 5min;
  const auto throttled = [](std::chrono::milliseconds retry_after) {
    ApiError error;
    error.status = 429;
    error.message = "slow down";
    error.retry_after = retry_after;
    return ChromaHttpClientError(std::move(error));
  };
  for (const auto retry_after : {std::chrono::milliseconds(8760h), std::chrono::milliseconds::max(),
                                 std::chrono::milliseconds(5min) + 1ms}) {
    Load load(checked(options));
    load.start();
    for (int i = 0; i < 600; ++i) load.give("id" + std::to_string(i));
    const auto began = load.now;
    load.run([&](const Batch&) -> Result<void> { return throttled(retry_after); });
    EXPECT_LE(load.now - began, 1s);
    EXPECT_EQ(load.count(RowOutcome::Failed) + load.count(RowOutcome::NotSent), 600U);
    EXPECT_GT(load.count(RowOutcome::NotSent), 0U);
    ASSERT_TRUE(load.engine.stopped());
    EXPECT_EQ(load.engine.stopped()->status(), 429);
    const std::string what = load.engine.stopped()->what();
    EXPECT_NE(what.find("slow down (Retry-After asks for a wait of "), what.npos) << what;
    EXPECT_STREQ(load.all.front().error->what(), what.c_str());
  }
  Load load(checked(options));
  load.start();
  load.give("a");
  int requests = 0;
  const auto began = load.now;
  load.run([&](const Batch&) -> Result<void> {
    ++requests;
    return throttled(2min);
  });
  EXPECT_EQ(requests, 3);  // The wait after the third would end after 6 minutes.
  EXPECT_LE(load.now - began, 5min);
  EXPECT_EQ(load.engine.stopped()->status(), 429);
}

TEST(Engine, FailsABatchAfterItsTriesAndGoesOn) {
  BulkOptions options;
  options.limits = BulkLimits::custom(10, 1 << 20);
  Load load(options);
  load.start();
  for (int i = 0; i < 30; ++i) load.give("id" + std::to_string(i));
  std::map<std::string, int> tries;
  load.run([&](const Batch& batch) -> Result<void> {
    ++tries[batch.rows.front().id()];
    if (batch.rows.front().id() == "id10") return api_error(503);
    return ok();
  });
  EXPECT_EQ(tries["id10"], 8);
  EXPECT_EQ(load.count(RowOutcome::Failed), 10U);
  EXPECT_EQ(load.count(RowOutcome::Stored), 20U);
  EXPECT_FALSE(load.engine.stopped());
}

TEST(Engine, StopsAfterTheFirstErrorIfAsked) {
  for (const bool by_count : {false, true}) {
    BulkOptions options;
    options.limits = BulkLimits::custom(1, 1 << 20);
    options.concurrency = 1;
    if (by_count) {
      options.max_failed_rows = 2;
    } else {
      options.on_error = OnError::Stop;
    }
    Load load(options);
    load.start();
    for (int i = 0; i < 30; ++i) load.give("id" + std::to_string(i));
    load.run([](const Batch&) -> Result<void> { return api_error(400); });
    EXPECT_EQ(load.count(RowOutcome::Failed), by_count ? 3U : 1U);
    EXPECT_EQ(load.outcomes.size(), 30U);
  }
}

TEST(Engine, RefusesInvalidRowsByNameAndStoresTheOthers) {
  Load load;
  load.target.dimension = 2;
  load.start();
  load.give("a");
  load.give("");
  load.give(BulkRecord("b", {1.0F}));
  load.give(BulkRecord("c", {1.0F, std::numeric_limits<float>::quiet_NaN()}));
  load.give(BulkRecord("no embedding").document("text"));
  load.give("d");
  load.run([](const Batch& batch) {
    EXPECT_EQ(batch.rows.size(), 2U);
    return ok();
  });
  EXPECT_EQ(load.count(RowOutcome::Stored), 2U);
  EXPECT_EQ(load.count(RowOutcome::Failed), 4U);
  for (const Ended& ended : load.all) {
    if (ended.outcome != RowOutcome::Failed) continue;
    EXPECT_TRUE(ended.error->is<ValidationError>());
  }
}

TEST(Engine, ChecksTheQuotasOfCloud) {
  Load load;
  load.target.cloud = true;
  load.start();
  load.give(BulkRecord("a", {1.0F}).document(std::string(16'385, 'x')));
  load.give(BulkRecord("b", {1.0F}).document(std::string(16'384, 'x')));
  load.run([](const Batch&) { return ok(); });
  EXPECT_EQ(load.outcomes[0], RowOutcome::Failed);
  EXPECT_EQ(load.outcomes[1], RowOutcome::Stored);
  EXPECT_EQ(load.engine.progress(load.now).batch_rows, 250U);
}

TEST(Engine, SkipsWhatACheckpointHasAndNeedsRisingPositions) {
  BulkOptions options;
  options.checkpoint.emplace("unused");
  Engine engine(options, StoredPositions{2, {{4, 5}}});
  engine.start(Target());
  const Clock::time_point now{};
  for (std::uint64_t i = 0; i < 7; ++i) engine.give(one_row(BulkRecord(std::to_string(i), {1.0F})), i, now);
  EXPECT_EQ(engine.progress(now).skipped, 4U);
  EXPECT_THROW(engine.give(one_row(BulkRecord("x", {1.0F})), 3, now), ChromaHttpClientError);
  engine.begin_flush();
  const auto batch = engine.next_batch(now);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->rows.size(), 3U);
  engine.sent(batch, ok(), now, 0.5);
  for (const Ended& ended : engine.take_ended()) {
    engine.account(ended, now);
    engine.settle(ended);
  }
  EXPECT_EQ(engine.stored_positions(), (StoredPositions{7, {}}));
}

TEST(Engine, AResumedLoadDoesNotStoreAnOlderRecordOverANewerOne) {
  for (const auto policy : {SameId::Sequence, SameId::KeepLast, SameId::Reject}) {
    BulkOptions options;
    options.checkpoint.emplace("unused");
    options.same_id = policy;
    options.retry.max_tries = 1;
    Load first(options);
    first.start();
    first.give("a", 1);
    first.run([](const Batch&) { return Result<void>(api_error(500, "unavailable")); });
    first.give("a", 2);
    first.give("b", 3);
    first.run([](const Batch&) { return ok(); });
    EXPECT_EQ(first.outcomes[1], RowOutcome::Stored);
    EXPECT_EQ(first.engine.stored_positions(), (StoredPositions{0, {{2, 2}}}));

    Load second(options, 1, {}, first.engine.stored_positions());
    second.start();
    second.give("a", 1);
    second.give("a", 2);
    second.give("b", 3);
    second.run([](const Batch&) { return ok(); });
    EXPECT_EQ(second.engine.progress(second.now).skipped, 1U);
    if (policy != SameId::Reject) {  // The second "a" was given while the first was open.
      EXPECT_EQ(second.values["a"], 2);
    }
  }
}

TEST(Engine, NamesTheRecordWhoseTextOrMetadataIsInvalid) {
  const std::string latin = "caf\xE9";
  const auto record = [](const char* id) { return BulkRecord(id, {1.0F, 2.0F}); };
  std::vector<std::pair<BulkRecord, std::string>> cases;
  cases.emplace_back(BulkRecord(latin, {1.0F, 2.0F}), "id: record at position 1: is not valid UTF-8");
  cases.emplace_back(record("b").document(latin), "document: record at position 1: is not valid UTF-8");
  cases.emplace_back(record("b").uri(latin), "uri: record at position 1: is not valid UTF-8");
  cases.emplace_back(record("b").metadata(Metadata{{"k", latin}}), "metadata: record at position 1: ");
  for (auto& [invalid, message] : cases) {
    Load load;
    load.start();
    load.give("a");
    load.give(std::move(invalid));
    load.give("c");
    load.run([](const Batch&) { return ok(); });
    EXPECT_EQ(load.count(RowOutcome::Stored), 2U);
    ASSERT_EQ(load.outcomes[1], RowOutcome::Failed);
    const auto failed = std::ranges::find(load.all, RowOutcome::Failed, &Ended::outcome);
    EXPECT_NE(std::string(failed->error->what()).find(message), std::string::npos) << failed->error->what();
    EXPECT_EQ(load.engine.progress(load.now).requests, 1U);
  }
}

TEST(Engine, LimitsMayBeRefusedWith429UntilItGivesUp) {
  BulkOptions options;
  options.retry.max_tries = 2;
  options.give_up_after = std::chrono::minutes(5);
  Load load(options);
  load.give("a");
  const auto began = load.now;
  while (!load.engine.stopped()) {
    const auto next = load.engine.description_throttled(api_error(429, "Backoff and retry"), load.now, 0.5);
    if (load.engine.stopped()) break;
    ASSERT_GT(next, load.now);
    load.now = next;
  }
  EXPECT_GE(load.now - began, options.give_up_after);
  EXPECT_LE(load.now - began, options.give_up_after + std::chrono::minutes(1));

  Load patient(options);
  patient.give("a");
  ApiError error;
  error.status = 429;
  error.retry_after = std::chrono::hours(1);
  static_cast<void>(patient.engine.description_throttled(ChromaHttpClientError(error), patient.now, 0.5));
  ASSERT_TRUE(patient.engine.stopped());
  EXPECT_NE(std::string(patient.engine.stopped()->what()).find("3600 s"), std::string::npos);
}

TEST(Engine, RefusesThePositionThatHasNoSuccessor) {
  BulkOptions options;
  options.checkpoint.emplace("unused");
  Load load(options);
  load.start();
  EXPECT_THROW(load.give(BulkRecord("a", {1.0F}).position(~std::uint64_t{0})), ChromaHttpClientError);
}

}  // namespace
}  // namespace chroma::bulk
