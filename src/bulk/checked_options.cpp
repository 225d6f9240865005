#include "bulk/checked_options.hpp"

#include "bulk/arguments.hpp"

#include <algorithm>
#include <utility>

namespace chroma::bulk {
namespace {

void check(const BulkOptions& options) {
  if (options.max_body_bytes == 0) refuse("max_body_bytes", "must be at least 1");
  if (options.concurrency == 0) refuse("concurrency", "must be at least 1");
  if (options.max_concurrency < options.concurrency)
    refuse("max_concurrency", "must be at least concurrency");
  if (options.embedding_rows == 0) refuse("embedding_rows", "must be at least 1");
  if (options.embedding_concurrency == 0) refuse("embedding_concurrency", "must be at least 1");
  if (options.retry.max_tries == 0) refuse("retry", "max_tries must be at least 1");
  const bool custom = options.limits.kind() == BulkLimits::Kind::Custom;
  if (custom && (options.limits.rows() == 0 || options.limits.bytes() == 0)) {
    refuse("limits", "rows and bytes must be at least 1");
  }
  if (options.checkpoint && options.checkpoint->path.empty()) refuse("checkpoint", "path must not be empty");
}

void limit(const char* field, std::chrono::milliseconds& duration) {
  if (duration.count() < 0) refuse(field, "must not be negative");
  duration = std::min(duration, longest_duration);
}

void limit_durations(BulkOptions& options) {
  if (options.target_latency.count() <= 0) refuse("target_latency", "must be positive");
  limit("target_latency", options.target_latency);
  limit("flush_interval", options.flush_interval);
  limit("give_up_after", options.give_up_after);
  limit("retry.min_delay", options.retry.min_delay);
  limit("retry.max_delay", options.retry.max_delay);
  if (options.checkpoint) limit("checkpoint.interval", options.checkpoint->interval);
}

}  // namespace

BulkOptions checked(BulkOptions options) {
  check(options);
  limit_durations(options);
  return options;
}

}  // namespace chroma::bulk
