// How requests ended, and what follows for their rows.
#include "bulk/engine.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace chroma::bulk {
namespace {

// Rows that a stop leaves behind are reported in groups of this many.
constexpr std::size_t stop_group = 1000;

std::uint64_t given_rows(const Rows& rows) {
  std::uint64_t count = 0;
  for (const Row& row : rows) count += row.given.size();
  return count;
}

/// The server's error, with the reason why the load ends because of it.
ChromaHttpClientError with_refused_wait(const ChromaHttpClientError& error) {
  ApiError response = *error.get_if<ApiError>();
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*response.retry_after).count();
  response.message += " (Retry-After asks for a wait of " + std::to_string(seconds) +
                      " s, which would end after give_up_after)";
  return ChromaHttpClientError(std::move(response), error.operation(), error.attempts());
}

}  // namespace

std::chrono::milliseconds retry_delay(const BulkRetryOptions& options, std::size_t failures, double random) {
  const int doublings = static_cast<int>(std::min<std::size_t>(std::max<std::size_t>(failures, 1) - 1, 30));
  const double doubled = std::ldexp(static_cast<double>(options.min_delay.count()), doublings);
  const double longest = std::min(doubled, static_cast<double>(options.max_delay.count()));
  return std::chrono::milliseconds(static_cast<std::int64_t>(longest * random));
}

void Engine::end(Batch& batch, RowOutcome outcome, Clock::time_point now) {
  buffer_.release(batch.rows);
  Ended ended;
  ended.outcome = outcome;
  ended.attempts = batch.attempts;
  ended.splits = batch.splits;
  ended.bytes = batch.bytes;
  if (batch.attempts > 0) ended.duration = now - batch.first_sent;
  if (outcome != RowOutcome::Stored) ended.error = batch.error;
  ended.rows = std::move(batch.rows);
  if (outcome == RowOutcome::Failed) counts_.failed += given_rows(ended.rows);
  const auto error = ended.error;
  ended_.push_back(std::move(ended));
  if (outcome == RowOutcome::Failed && !stopped_ && has_failed_enough()) stop(*error);
}

void Engine::refuse(Rows one, ChromaHttpClientError error) {
  Ended ended;
  ended.outcome = RowOutcome::Failed;
  counts_.failed += given_rows(one);
  ended.rows = std::move(one);
  ended.error = std::move(error);
  ended_.push_back(std::move(ended));
  if (has_failed_enough()) stop_later_ = ended_.back().error;
}

bool Engine::has_failed_enough() const noexcept {
  const bool too_many = options_.max_failed_rows && counts_.failed > *options_.max_failed_rows;
  return too_many || options_.on_error == OnError::Stop;
}

bool Engine::stops_now(const BatchPtr& taken, Clock::time_point now) {
  if (!stop_later_) return false;
  const auto reason = *std::exchange(stop_later_, std::nullopt);
  if (taken && !taken->rows.empty()) {
    taken->error = reason;
    counts_.not_sent += given_rows(taken->rows);
    end(*taken, RowOutcome::NotSent, now);
  }
  stop(reason);
  return true;
}

void Engine::stop(const ChromaHttpClientError& reason) {
  if (stopped_) return;
  stopped_ = reason;
  // These have been tried before, and have the error of the last attempt.
  for (const auto& batch : std::exchange(sending_.pending, {})) end(*batch, RowOutcome::Failed, batch->sent);
  for (const auto& batch : std::exchange(embedding_.pending, {})) leave(std::move(batch->rows));
  auto waiting = buffer_.drain();
  while (!waiting.empty()) leave(take_first(waiting, stop_group));
}

void Engine::leave(Rows rows) {
  counts_.not_sent += given_rows(rows);
  Ended ended;
  ended.outcome = RowOutcome::NotSent;
  ended.error = stopped_;
  ended.rows = std::move(rows);
  ended_.push_back(std::move(ended));
}

void Engine::sent(const BatchPtr& batch, const Result<void>& result, Clock::time_point now, double random) {
  --sending_.running;
  if (result.has_value()) {
    sending_.trouble_since.reset();
    pace_.stored(batch->rows.size(), now - batch->sent, batch->busy, now);
    return end(*batch, RowOutcome::Stored, now);
  }
  failed(batch, result.error(), now, random);
}

void Engine::failed(const BatchPtr& batch, const ChromaHttpClientError& error, Clock::time_point now,
                    double random) {
  batch->error = error;
  const Refusal refusal = judge(error);
  const std::size_t rows = batch->rows.size();
  switch (refusal.verdict) {
    case Verdict::Stop:
      end(*batch, RowOutcome::Failed, now);
      return stop(error);
    case Verdict::TooLarge:
      pace_.too_large(batch->bytes);
      break;
    case Verdict::TooManyRows:
      pace_.too_many(rows, refusal.rows);
      break;
    case Verdict::TimedOut:
      pace_.timed_out();
      break;
    case Verdict::Throttled:
      pace_.throttled(refusal, batch->sent, now, random);
      break;
    case Verdict::Repeat:
    case Verdict::BadRows:
      break;
  }
  if (stopped_) return end(*batch, RowOutcome::Failed, now);
  switch (refusal.verdict) {
    case Verdict::TooLarge:
      if (rows == 1) return end(*batch, RowOutcome::Failed, now);
      return replan(batch, batch->bytes / 2);
    case Verdict::TooManyRows:
      if (rows == 1) return end(*batch, RowOutcome::Failed, now);
      return replan(batch, pace_.limits().bytes);
    case Verdict::BadRows:
      if (rows == 1 || !options_.isolate_bad_rows) return end(*batch, RowOutcome::Failed, now);
      return halve(batch, sending_);
    case Verdict::Throttled:
      if (waits_too_long(refusal, now)) {
        batch->error = with_refused_wait(error);
        end(*batch, RowOutcome::Failed, now);
        return stop(*batch->error);
      }
      batch->due = now;
      ++counts_.retries;
      sending_.pending.push_front(batch);
      return note_trouble(sending_, error, now);
    default:
      return repeat(batch, sending_, now, random);
  }
}

Clock::time_point Engine::description_throttled(const ChromaHttpClientError& error, Clock::time_point now,
                                                double random) {
  const Refusal refusal = judge(error);
  pace_.throttled(refusal, now, now, random);
  if (waits_too_long(refusal, now)) {
    stop(with_refused_wait(error));
  } else {
    note_trouble(sending_, error, now);
  }
  return pace_.paused_until();
}

bool Engine::waits_too_long(const Refusal& refusal, Clock::time_point now) const noexcept {
  return refusal.retry_after && now + *refusal.retry_after > give_up_at(sending_, now);
}

void Engine::repeat(const BatchPtr& batch, Queue& queue, Clock::time_point now, double random) {
  if (++batch->tries >= options_.retry.max_tries) {
    end(*batch, RowOutcome::Failed, now);
    return note_trouble(queue, *batch->error, now);
  }
  batch->due = now + retry_delay(options_.retry, batch->tries, random);
  ++counts_.retries;
  const bool timed_out = judge(*batch->error).verdict == Verdict::TimedOut;
  if (timed_out && batch->rows.size() > 1) {
    halve(batch, queue);
  } else {
    queue.pending.push_back(batch);
  }
  note_trouble(queue, *batch->error, now);
}

void Engine::note_trouble(Queue& queue, const ChromaHttpClientError& error, Clock::time_point now) {
  if (!queue.trouble_since) queue.trouble_since = now;
  if (now >= give_up_at(queue, now)) stop(error);
}

Clock::time_point Engine::give_up_at(const Queue& queue, Clock::time_point now) const noexcept {
  return queue.trouble_since.value_or(now) + options_.give_up_after;
}

void Engine::divide(const BatchPtr& batch, Queue& queue, const std::vector<std::size_t>& parts) {
  ++counts_.splits;
  const auto place = queue.pending.begin();  // The parts go first, in order.
  for (const std::size_t count : parts) {
    auto part = std::make_shared<Batch>();
    part->rows = take_first(batch->rows, count);
    part->tries = batch->tries;
    part->attempts = batch->attempts;
    part->splits = batch->splits + 1;
    part->first_sent = batch->first_sent;
    part->sent = batch->sent;
    part->due = batch->due;
    part->error = batch->error;
    queue.pending.insert(place, std::move(part));
  }
}

void Engine::halve(const BatchPtr& batch, Queue& queue) {
  const std::size_t half = batch->rows.size() / 2;
  divide(batch, queue, {half, batch->rows.size() - half});
}

void Engine::replan(const BatchPtr& batch, std::size_t most_bytes) {
  std::vector<RowSizes> sizes;
  for (Row& row : batch->rows) sizes.push_back(row.sizes(target_.base64, scratch_));
  BatchLimits limits = pace_.limits();
  limits.bytes = std::min(limits.bytes, most_bytes);
  const auto parts = plan(sizes, limits, options_.operation);
  if (parts.size() < 2) return halve(batch, sending_);
  divide(batch, sending_, parts);
}

}  // namespace chroma::bulk
