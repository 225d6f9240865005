// The options of a bulk load.
#include "bulk/checked_options.hpp"
#include "bulk/load.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace chroma::bulk {
namespace {

using namespace std::chrono_literals;

using DurationOf = std::chrono::milliseconds* (*)(BulkOptions&);

const std::pair<const char*, DurationOf> durations[] = {
    {"target_latency", [](BulkOptions& options) { return &options.target_latency; }},
    {"flush_interval", [](BulkOptions& options) { return &options.flush_interval; }},
    {"give_up_after", [](BulkOptions& options) { return &options.give_up_after; }},
    {"retry.min_delay", [](BulkOptions& options) { return &options.retry.min_delay; }},
    {"retry.max_delay", [](BulkOptions& options) { return &options.retry.max_delay; }},
    {"checkpoint.interval", [](BulkOptions& options) { return &options.checkpoint->interval; }},
};

TEST(Durations, AreLimitedAndNegativeOnesAreRefusedByName) {
  for (const auto& [name, duration] : durations) {
    BulkOptions options;
    options.checkpoint.emplace("unused");
    *duration(options) = 7ms;
    options = checked(std::move(options));
    EXPECT_EQ(*duration(options), 7ms) << name;
    *duration(options) = std::chrono::milliseconds::max();
    options = checked(std::move(options));
    EXPECT_EQ(*duration(options), longest_duration) << name;
    *duration(options) = -1ms;
    try {
      static_cast<void>(checked(std::move(options)));
      ADD_FAILURE() << name;
    } catch (const ChromaHttpClientError& error) {
      ASSERT_TRUE(error.is<ValidationError>());
      EXPECT_EQ(error.get_if<ValidationError>()->field, name);
    }
  }
}

TEST(Durations, TheLongestDoNotOverflow) {
  for (const auto& [name, duration] : durations) {
    SCOPED_TRACE(name);
    BulkOptions options;
    options.checkpoint.emplace("unused");
    options.limits = BulkLimits::custom(10, 1 << 20);
    options.flush_interval = 0ms;
    const bool is_retry = std::string_view(name).starts_with("retry.");
    if (is_retry) {  // Both, because the smaller one applies.
      options.retry.min_delay = std::chrono::milliseconds::max();
      options.retry.max_delay = std::chrono::milliseconds::max();
    }
    *duration(options) = std::chrono::milliseconds::max();
    Load load(checked(options));
    load.start();
    for (int i = 0; i < 5; ++i) load.give("early" + std::to_string(i));
    load.now += 24h;
    load.launch();
    EXPECT_TRUE(load.running.empty());
    for (int i = 0; i < 20; ++i) load.give("late" + std::to_string(i));
    const auto began = load.now;
    int requests = 0;
    load.run([&](const Batch&) -> Result<void> {
      ++requests;
      if (requests == 1) return api_error(429);
      if (requests == 2) return api_error(503);
      return ok();
    });
    EXPECT_EQ(load.count(RowOutcome::Stored), 25U);
    EXPECT_EQ(requests, 5);
    EXPECT_FALSE(load.engine.stopped());
    EXPECT_EQ(load.engine.progress(load.now).batch_rows, 10U);
    EXPECT_EQ(load.now - began > 24h, is_retry);
  }
}

}  // namespace
}  // namespace chroma::bulk
