#pragma once

#include "bulk/api_error.hpp"
#include "bulk/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace chroma::bulk {

inline Result<void> ok() {
  return Result<void>(std::monostate());
}

inline Rows one_row(BulkRecord record) {
  Rows rows;
  rows.emplace_back(std::move(record));
  return rows;
}

/// Runs an engine until nothing is left to do. Requests and calls of the embedding function end in random
/// order.
class Load {
 public:
  using Server = std::function<Result<void>(const Batch&)>;
  using Model = std::function<Result<Vectors>(const Batch&)>;

  explicit Load(BulkOptions options = BulkOptions(), unsigned seed = 1, KnownFunctions functions = {},
                StoredPositions previous = {})
      : engine(options, std::move(previous), std::move(functions)), random_(seed) {
    target.timeout = std::chrono::seconds(60);
    now += std::chrono::hours(24);
  }

  void start() { engine.start(target); }
  void give(BulkRecord record) {
    const auto position = record.position();
    engine.give(one_row(std::move(record)), position, now);
  }
  void give(const std::string& id, float value = 1) { give(BulkRecord(id, {value, 2.0F})); }

  /// Starts what may start, and keeps it running.
  void launch() {
    while (auto batch = engine.next_embedding(now)) embedding.push_back(batch);
    while (auto batch = engine.next_batch(now)) running.push_back(batch);
  }
  void end_one(const Server& server) {
    const auto batch = take_one(running);
    const Result<void> result = server(*batch);
    if (result.has_value()) {
      for (const Row& row : batch->rows) applied.push_back(row.id());
      for (const Row& row : batch->rows) values[row.id()] = row.embedding() ? row.embedding()->front() : 0;
    }
    engine.sent(batch, result, now, 0.5);
    settle();
  }
  void end_one_embedding() {
    const auto batch = take_one(embedding);
    for (const Row& row : batch->rows) ++calls[row.document() ? *row.document() : std::string()];
    engine.embedded(batch, model(*batch), now, 0.5);
    settle();
  }
  void run(const Server& server) {
    engine.begin_flush();
    for (int steps = 0; steps < 200'000; ++steps) {
      launch();
      settle();
      const std::size_t active = running.size() + embedding.size();
      if (active > 0) {
        now += std::chrono::milliseconds(10);
        if (random_() % active < running.size()) {
          end_one(server);
        } else {
          end_one_embedding();
        }
      } else if (const auto wake = engine.wake_at(now)) {
        now = std::max(now, *wake);
      } else {
        return;
      }
    }
    FAIL() << "the engine does not come to an end";
  }
  void settle() {
    for (Ended& ended : engine.take_ended()) {
      engine.account(ended, now);
      for (const Row& row : ended.rows) {
        for (const Given& given : row.given) {
          const bool is_new = outcomes.emplace(given.position, ended.outcome).second;
          EXPECT_TRUE(is_new) << "position " << given.position << " has two outcomes";
        }
      }
      engine.settle(ended);
      all.push_back(std::move(ended));
    }
  }
  std::size_t count(RowOutcome outcome) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(outcomes, [&](const auto& entry) { return entry.second == outcome; }));
  }

  Target target;
  Engine engine;
  Model model;
  Clock::time_point now{};
  std::vector<BatchPtr> running;
  std::vector<BatchPtr> embedding;
  std::map<std::string, int> calls;  // How often each text was embedded.
  std::vector<std::string> applied;
  std::map<std::string, float> values;
  std::map<std::uint64_t, RowOutcome> outcomes;
  std::vector<Ended> all;

 private:
  BatchPtr take_one(std::vector<BatchPtr>& batches) {
    const std::size_t at = random_() % batches.size();
    auto batch = batches[at];
    batches.erase(batches.begin() + static_cast<std::ptrdiff_t>(at));
    return batch;
  }

  std::mt19937 random_;
};

}  // namespace chroma::bulk
