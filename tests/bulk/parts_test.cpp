// The small parts of the bulk writer: refusals, pace, positions, checkpoints.
#include "bulk/api_error.hpp"
#include "bulk/checkpoint.hpp"
#include "bulk/pace.hpp"
#include "bulk/positions.hpp"
#include "bulk/refusal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <set>

namespace chroma::bulk {
namespace {

using namespace std::chrono_literals;

TEST(Refusal, IsJudgedByTheWordsOfTheServer) {
  const std::string quota = "Quota exceeded: '";
  const std::string action =
      "' exceeded quota limit for action 'Upsert': current usage of 1056 exceeds limit of 300";
  const auto rows = judge(api_error(422, quota + "Number of records" + action));
  EXPECT_EQ(rows.verdict, Verdict::TooManyRows);
  EXPECT_EQ(rows.rows, 300U);
  for (const char* usage :
       {"Embedding dimension", "Document size (bytes)", "URI size (bytes)", "ID size (bytes)",
        "Size of metadata dictionary key (bytes)", "Size of metadata dictionary value (bytes)",
        "Number of metadata dictionary keys", "Sparse vector populated dimension"}) {
    EXPECT_EQ(judge(api_error(422, quota + usage + action)).verdict, Verdict::BadRows) << usage;
  }
  EXPECT_EQ(judge(api_error(422, quota + "Collection size (records)" + action)).verdict, Verdict::Stop);
  EXPECT_EQ(judge(api_error(422, "Billing limit exceeded")).verdict, Verdict::Stop);
  EXPECT_EQ(judge(api_error(422, "Failed to deserialize")).verdict, Verdict::BadRows);
  EXPECT_EQ(judge(api_error(400, "Expected dimension 3")).verdict, Verdict::BadRows);
  EXPECT_EQ(judge(api_error(413, "length limit exceeded")).verdict, Verdict::TooLarge);
  EXPECT_EQ(judge(api_error(400, "Missing API key in the request header")).verdict, Verdict::Stop);
  EXPECT_EQ(
      judge(api_error(501, "Unimplemented: Sparse vector is not supported for local chroma: x")).verdict,
      Verdict::BadRows);
  for (const int status : {401, 403, 404, 501})
    EXPECT_EQ(judge(api_error(status, "")).verdict, Verdict::Stop);
  for (const int status : {500, 502, 503}) EXPECT_EQ(judge(api_error(status, "")).verdict, Verdict::Repeat);
  EXPECT_EQ(judge(api_error(504, "")).verdict, Verdict::TimedOut);
  for (const char* words :
       {"You have been rate limited.", "Too many requests; backoff and try again", "Backoff and retry"}) {
    EXPECT_EQ(judge(api_error(429, words)).verdict, Verdict::Throttled);
    EXPECT_EQ(judge(api_error(429, words)).pause, 1s);
  }
  const char* compaction =
      "log needs compaction before accepting more writes; please backoff exponentially and retry";
  EXPECT_EQ(judge(api_error(429, compaction)).pause, 5s);
  EXPECT_EQ(judge(ChromaHttpClientError(RequestError{Stage::timeout, {}, ""})).verdict, Verdict::TimedOut);
  EXPECT_EQ(judge(ChromaHttpClientError(RequestError{Stage::read, {}, ""})).verdict, Verdict::Repeat);
  EXPECT_EQ(judge(ChromaHttpClientError(ValidationError{"", ""})).verdict, Verdict::BadRows);
}

/// Requests at a server that stores `rate(concurrency)` rows a second, however many there are in a request.
template <class Rate>
Pace run_pace(Rate rate, int requests, std::size_t max_concurrency = 8) {
  BulkOptions options;
  options.max_concurrency = max_concurrency;
  options.target_latency = 1h;
  Pace pace(options);
  pace.start({250, 1 << 20}, max_concurrency);
  Clock::time_point now{};
  now += 1h;
  for (int i = 0; i < requests; ++i) {
    const auto each = std::chrono::duration<double>(250 / rate(pace.concurrency()));
    now += std::chrono::duration_cast<Clock::duration>(each);
    pace.stored(250, std::chrono::duration_cast<Clock::duration>(each * double(pace.concurrency())), true,
                now);
  }
  return pace;
}

TEST(Pace, FindsTheConcurrencyThatTheServerGainsFrom) {
  const auto scales = run_pace([](std::size_t c) { return 100.0 * double(c); }, 2000);
  EXPECT_GE(scales.concurrency(), 7U);
  const auto saturated_at_four =
      run_pace([](std::size_t c) { return 100.0 * double(std::min<std::size_t>(c, 4)); }, 2000);
  EXPECT_GE(saturated_at_four.concurrency(), 4U);
  EXPECT_LE(saturated_at_four.concurrency(), 5U);
  const auto overwhelmed = run_pace([](std::size_t c) { return 100.0 / double(c); }, 2000);
  EXPECT_LE(overwhelmed.concurrency(), 2U);
}

TEST(Pace, LosesLittleOnAServerThatIsSlowerWithMoreRequestsAtOnce) {
  // The time that 80 and 400 requests take, in requests of the best fixed number, which is 1.
  for (const auto& [requests, most] : {std::pair(80, 90.0), std::pair(400, 440.0)}) {
    BulkOptions options;
    options.target_latency = 1h;
    Pace pace(options);
    pace.start({250, 1 << 20}, 8);
    double taken = 0;
    auto now = Clock::time_point() + 1h;
    for (int i = 0; i < requests; ++i) {
      const auto each = std::chrono::seconds(pace.concurrency());
      taken += static_cast<double>(each.count());
      now += each;
      pace.stored(250, each * pace.concurrency(), true, now);
    }
    EXPECT_LE(taken, most) << requests;
  }
}

TEST(Pace, ASlowRequestLowersTheConcurrencyBeforeTheRows) {
  BulkOptions options;
  options.concurrency = 4;
  Pace pace(options);
  pace.start({250, 1 << 20}, 8);
  const Clock::time_point now{};
  pace.stored(250, 3s, true, now);
  EXPECT_EQ(pace.concurrency(), 2U);
  for (int i = 0; i < 4; ++i) pace.stored(250, 3s, true, now);  // They were sent before.
  EXPECT_EQ(pace.concurrency(), 2U);
  pace.stored(250, 3s, true, now);
  EXPECT_EQ(pace.concurrency(), 1U);
  EXPECT_EQ(pace.limits().rows, 250U);
  for (int i = 0; i < 3; ++i) pace.stored(250, 3s, true, now);
  EXPECT_EQ(pace.limits().rows, 125U);
}

TEST(Pace, RowsFollowTheLatency) {
  BulkOptions options;
  options.concurrency = 1;
  options.max_concurrency = 1;
  Pace pace(options);
  pace.start({1000, 1 << 20}, 1);
  Clock::time_point now{};
  EXPECT_EQ(pace.limits().rows, 250U);
  pace.stored(250, 3s, true, now);
  EXPECT_EQ(pace.limits().rows, 125U);
  pace.stored(250, 3s, true, now);  // One that was sent before does not count again.
  EXPECT_EQ(pace.limits().rows, 125U);
  for (int i = 0; i < 50; ++i) pace.stored(pace.limits().rows, 100ms, true, now);
  EXPECT_EQ(pace.limits().rows, 1000U);
}

TEST(Pace, PausesTwiceAsLongEachTimeAndRemembersLimits) {
  BulkOptions options;
  options.concurrency = 8;
  Pace pace(options);
  pace.start({250, 1 << 20}, 8);
  auto now = Clock::time_point() + 1h;
  Refusal refusal;
  pace.throttled(refusal, now, now, 1.0);
  EXPECT_EQ(pace.concurrency(), 4U);
  EXPECT_EQ(pace.paused_until(), now + 1s);
  pace.throttled(refusal, now - 1s, now, 1.0);  // It was sent before the pause.
  EXPECT_EQ(pace.concurrency(), 4U);
  EXPECT_EQ(pace.pauses(), 1U);
  now += 1s;
  pace.throttled(refusal, now, now, 1.0);
  EXPECT_EQ(pace.paused_until(), now + 2s);
  refusal.retry_after = 30s;
  now += 2s;
  pace.throttled(refusal, now, now, 1.0);
  EXPECT_EQ(pace.paused_until(), now + 30s);
  for (int i = 0; i < 10; ++i) {
    now += 2min;
    refusal.retry_after.reset();
    pace.throttled(refusal, now, now, 1.0);
  }
  EXPECT_EQ(pace.paused_until(), now + 60s);
  EXPECT_EQ(pace.concurrency(), 1U);

  pace.too_large(1000);
  EXPECT_EQ(pace.limits().bytes, 900U);
  pace.too_many(250, 100);
  EXPECT_EQ(pace.limits().rows, 100U);
  pace.timed_out();
  EXPECT_EQ(pace.limits().rows, 50U);
  pace.stored(50, 10s, true, now);
  EXPECT_EQ(pace.timeout(60s), 100s);
  EXPECT_EQ(pace.timeout(0s), 0s);
}

TEST(Positions, HoldTheirPropertiesInRandomOrder) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    StoredPositions kept;
    std::set<std::uint64_t> stored;
    std::vector<std::uint64_t> positions;
    std::uint64_t position = 0;
    for (int i = 0; i < 60; ++i) positions.push_back(position += 1 + random() % 4);
    for (int run = 0; run < 3; ++run) {
      PositionLog log(kept);
      std::vector<std::pair<std::uint64_t, std::uint64_t>> open;
      std::uint64_t sequence = 0;
      const std::size_t given = random() % (positions.size() + 1);
      for (std::size_t i = 0; i < given; ++i) {
        if (positions[i] < kept.low_water) continue;
        log.given(positions[i]);
        ASSERT_EQ(log.was_stored(positions[i]), stored.contains(positions[i]));
        if (log.was_stored(positions[i])) {
          log.stored(sequence, positions[i]);
        } else {
          open.emplace_back(sequence, positions[i]);
        }
        ++sequence;
      }
      std::ranges::shuffle(open, random);
      open.resize(open.size() - random() % (open.size() + 1));
      for (const auto& [number, place] : open) {
        log.stored(number, place);
        stored.insert(place);
      }
      kept = log.snapshot();
      for (const auto place : positions) ASSERT_EQ(kept.contains(place), stored.contains(place)) << place;
    }
  }
}

TEST(Checkpoint, ComesBackAndBelongsToOneSource) {
  const CheckpointOwner owner{"c-1", BulkOperation::Upsert, "file \"a\""};
  const StoredPositions stored{17, {{20, 25}, {30, 30}}};
  EXPECT_EQ(read_checkpoint(write_checkpoint(owner, stored), owner), stored);
  const auto fault = [&](CheckpointOwner other, std::string text) {
    try {
      static_cast<void>(read_checkpoint(text, other));
    } catch (const ChromaHttpClientError& error) {
      return error.get_if<ValidationError>() ? error.get_if<ValidationError>()->field : "another kind";
    }
    return std::string("none");
  };
  const auto text = write_checkpoint(owner, stored);
  EXPECT_EQ(fault({"c-2", BulkOperation::Upsert, owner.source}, text), "checkpoint");
  EXPECT_EQ(fault({"c-1", BulkOperation::Add, owner.source}, text), "checkpoint");
  EXPECT_EQ(fault({"c-1", BulkOperation::Upsert, "b"}, text), "checkpoint");
  EXPECT_EQ(fault(owner, text.substr(0, text.size() / 2)), "checkpoint");
  EXPECT_EQ(fault(owner, "{}"), "checkpoint");
}

TEST(Checkpoint, FileIsReplacedAsAWhole) {
  const auto path = (std::filesystem::temp_directory_path() / "chroma_checkpoint_test.json").string();
  std::filesystem::remove(path);
  EXPECT_EQ(read_file(path), std::nullopt);
  replace_file(path, "one");
  replace_file(path, "two");
  EXPECT_EQ(read_file(path), "two");
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
  std::filesystem::remove(path);
  EXPECT_THROW(replace_file("/nonexistent folder/file", "x"), std::system_error);
}

}  // namespace
}  // namespace chroma::bulk
