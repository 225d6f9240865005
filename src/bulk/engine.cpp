#include "bulk/engine.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace chroma::bulk {
namespace {

constexpr std::size_t cloud_rows = 300;
constexpr std::size_t cloud_requests = 8;
constexpr std::size_t automatic_rows = 250;
// An embedding whose dimension is not known yet is counted with so many values.
constexpr std::size_t presumed_dimension = 1536;
constexpr std::chrono::seconds rate_span{10};
constexpr std::chrono::milliseconds rate_step{250};

bool is_cloud(const BulkLimits& limits, const Target& target) {
  if (limits.kind() == BulkLimits::Kind::Automatic) return target.cloud;
  return limits.kind() == BulkLimits::Kind::Cloud;
}

BatchLimits initial_limits(const BulkOptions& options, const Target& target) {
  if (options.limits.kind() == BulkLimits::Kind::Custom) {
    return {options.limits.rows(), options.limits.bytes()};
  }
  if (is_cloud(options.limits, target)) return {cloud_rows, options.max_body_bytes};
  const std::size_t server = target.max_batch_size > 0 ? target.max_batch_size : automatic_rows;
  return {std::min(automatic_rows, server), options.max_body_bytes};
}

std::size_t memory_limit(const BulkOptions& options) {
  if (options.max_buffered_bytes > 0) return options.max_buffered_bytes;
  return 2 * options.concurrency * options.max_body_bytes;
}

}  // namespace

Engine::Engine(const BulkOptions& options, StoredPositions previous, KnownFunctions functions)
    : options_(options),
      has_checkpoint_(options.checkpoint.has_value()),
      buffer_(options.operation, options.same_id, functions.sparse,
              [this] { return !check_.function_fault(); }),
      check_(options.operation, options.validate, std::move(functions.find_fault)),
      pace_(options),
      positions_(std::move(previous)),
      max_memory_(memory_limit(options)),
      vector_memory_(presumed_dimension * sizeof(float)) {
  options_.on_batch = nullptr;  // The writer calls it; a copy would keep what it captures alive.
}

void Engine::start(const Target& target) {
  target_ = target;
  const bool cloud = is_cloud(options_.limits, target);
  check_.start(target.dimension, cloud);
  if (target.dimension) vector_memory_ = *target.dimension * sizeof(float);
  pace_.start(initial_limits(options_, target), cloud ? cloud_requests : options_.max_concurrency);
  sending_.trouble_since.reset();
  started_ = true;
}

void Engine::give(Rows one, std::optional<std::uint64_t> position, Clock::time_point now) {
  const std::uint64_t place = position.value_or(next_position_);
  if (has_checkpoint_ && place < next_position_) {
    throw ChromaHttpClientError(ValidationError{"is " + std::to_string(place) +
                                                    "; with a checkpoint it must be at least " +
                                                    std::to_string(next_position_),
                                                "position"});
  }
  if (place == std::numeric_limits<std::uint64_t>::max()) {
    throw ChromaHttpClientError(ValidationError{"is 2^64 - 1; it must be less", "position"});
  }
  next_position_ = place + 1;
  const Given given{next_sequence_++, place, epoch_};
  if (!began_) began_ = now;
  ++counts_.given;
  if (has_checkpoint_) {
    positions_.given(place);
    if (positions_.was_stored(place)) {
      ++counts_.skipped;
      positions_.stored(given.sequence, place);
      return;
    }
  }
  Row& row = one.front();
  row.given.push_back(given);
  row.arrival = now;
  ++open_[epoch_];
  ++open_rows_;
  charge(row);
  // The rest of a block, if one of its rows has stopped the load.
  if (stopped_) return leave(std::move(one));
  if (options_.same_id == SameId::Reject && buffer_.is_open(row.id())) {
    const ValidationError twice{"record at position " + std::to_string(place) +
                                    ": a record of this id was given before and has no outcome yet",
                                "id"};
    refuse(std::move(one), ChromaHttpClientError(twice));
    static_cast<void>(stops_now(nullptr, now));
    return;
  }
  if (Row* joined = buffer_.push(std::move(one))) {
    ++counts_.joined;
    charge(*joined);
  }
}

bool Engine::is_full() const noexcept {
  if (options_.max_buffered_bytes > 0) return memory_ >= max_memory_;
  // More rows do not make the load faster. Each row takes longer, because the processor's cache does not hold
  // so many.
  const std::size_t in_requests = pace_.concurrency() * pace_.limits().rows;
  const std::size_t in_calls = options_.embedding_concurrency * options_.embedding_rows;
  return memory_ >= max_memory_ || open_rows_ >= 2 * (in_requests + in_calls);
}

void Engine::charge(Row& row) {
  memory_ -= row.buffered_memory;
  row.buffered_memory = row.memory();
  if (buffer_.needs_embedding(row) && !row.embedding()) row.buffered_memory += vector_memory_;
  memory_ += row.buffered_memory;
}

std::uint64_t Engine::begin_flush() noexcept {
  flushing_ = ++epoch_;
  return epoch_;
}

bool Engine::has_ended(std::uint64_t flush) const noexcept {
  return open_.empty() || open_.begin()->first >= flush;
}

bool Engine::has_age(const Row& oldest, Clock::time_point now) const noexcept {
  if (oldest.given.front().epoch < flushing_) return true;
  if (is_full() && is_idle()) return true;  // Callers wait for room, and nothing else makes any.
  return options_.flush_interval.count() > 0 && now - oldest.arrival >= options_.flush_interval;
}

bool Engine::is_due(Clock::time_point now) const noexcept {
  const Row* oldest = buffer_.oldest_ready();
  if (oldest == nullptr) return false;
  const auto limits = pace_.limits();
  return buffer_.ready() >= limits.rows || buffer_.ready_memory() >= limits.bytes || has_age(*oldest, now);
}

bool Engine::embedding_is_due(Clock::time_point now) const noexcept {
  const Row* oldest = buffer_.oldest_to_embed();
  return oldest != nullptr && (buffer_.to_embed() >= options_.embedding_rows || has_age(*oldest, now));
}

bool Engine::is_idle() const noexcept {
  return sending_.running + sending_.pending.size() + embedding_.running + embedding_.pending.size() == 0;
}

std::size_t Engine::Queue::free_places(std::size_t all) const noexcept {
  const std::size_t taken = running + pending.size();
  return all > taken ? all - taken : 0;
}

bool Engine::may_proceed(Clock::time_point now) const noexcept {
  if (!started_ || stopped_) return false;
  if (embedding_.free_places(options_.embedding_concurrency) > 0 && embedding_is_due(now)) return true;
  return now >= pace_.paused_until() && sending_.free_places(pace_.concurrency()) > 0 && is_due(now);
}

BatchPtr Engine::Queue::take_pending(Clock::time_point now) {
  const auto found = std::ranges::find_if(pending, [&](const BatchPtr& batch) { return batch->due <= now; });
  if (found == pending.end()) return nullptr;
  auto batch = *found;
  pending.erase(found);
  return batch;
}

void Engine::launch(Batch& batch, Clock::time_point now) {
  ++batch.attempts;
  batch.sent = now;
  if (batch.first_sent == Clock::time_point()) batch.first_sent = now;
  batch.timeout = pace_.timeout(target_.timeout);
}

void Engine::measure(Batch& batch) {
  BatchSize size(options_.operation);
  for (Row& row : batch.rows) size.add(row.sizes(target_.base64, scratch_));
  batch.bytes = size.bytes();
}

template <class Take>
BatchPtr Engine::take_rows(Clock::time_point now, Take take) {
  const auto refusing = [this](Rows one, ChromaHttpClientError error) {
    refuse(std::move(one), std::move(error));
  };
  const auto checking = [this](const Row& row) { return check_(row); };
  auto batch = std::make_shared<Batch>();
  batch->rows = take(checking, refusing);
  return stops_now(batch, now) || batch->rows.empty() ? nullptr : batch;
}

BatchPtr Engine::next_batch(Clock::time_point now) {
  const std::size_t places = pace_.concurrency();
  if (!started_ || stopped_ || now < pace_.paused_until() || sending_.running >= places) return nullptr;
  auto batch = sending_.take_pending(now);
  if (!batch) {
    if (sending_.free_places(places) == 0 || !is_due(now)) return nullptr;
    batch = take_rows(now, [this](const auto& check, const auto& refuse) {
      return buffer_.take(pace_.limits(), target_.base64, check, refuse);
    });
    if (!batch) return nullptr;
  }
  measure(*batch);
  ++sending_.running;
  batch->busy = sending_.running >= places;
  ++counts_.requests;
  launch(*batch, now);
  return batch;
}

BatchPtr Engine::next_embedding(Clock::time_point now) {
  const std::size_t places = options_.embedding_concurrency;
  if (!started_ || stopped_ || embedding_.running >= places) return nullptr;
  auto batch = embedding_.take_pending(now);
  if (!batch) {
    if (embedding_.free_places(places) == 0 || !embedding_is_due(now)) return nullptr;
    batch = take_rows(now, [this](const auto& check, const auto& refuse) {
      return buffer_.take_to_embed(options_.embedding_rows, check, refuse);
    });
    if (!batch) return nullptr;
  }
  ++embedding_.running;
  launch(*batch, now);
  return batch;
}

std::optional<Clock::time_point> Engine::wake_at(Clock::time_point now) const noexcept {
  if (!started_ || stopped_) return std::nullopt;
  const auto sending = wake_at(sending_, pace_.concurrency(), buffer_.oldest_ready(), is_due(now), now);
  const auto embedding = wake_at(embedding_, options_.embedding_concurrency, buffer_.oldest_to_embed(),
                                 embedding_is_due(now), now);
  if (!sending) return embedding;
  const auto send = std::max(*sending, pace_.paused_until());
  return embedding ? std::min(send, *embedding) : send;
}

std::optional<Clock::time_point> Engine::wake_at(const Queue& queue, std::size_t places, const Row* oldest,
                                                 bool is_due, Clock::time_point now) const noexcept {
  std::optional<Clock::time_point> wake;
  if (queue.running >= places) return wake;
  const auto consider = [&](Clock::time_point time) { wake = wake ? std::min(*wake, time) : time; };
  for (const auto& batch : queue.pending) consider(batch->due);
  if (oldest == nullptr || queue.free_places(places) == 0) return wake;
  if (is_due) {
    consider(now);
  } else if (options_.flush_interval.count() > 0) {
    consider(oldest->arrival + options_.flush_interval);
  }
  return wake;
}

void Engine::account(const Ended& ended, Clock::time_point now) {
  for (const Row& row : ended.rows) {
    memory_ -= row.buffered_memory;
    if (ended.outcome != RowOutcome::Stored) {
      if (has_checkpoint_) failed_ids_.try_emplace(row.hash, row.given.front().sequence);
      continue;
    }
    counts_.stored += row.given.size();
    // If an earlier record of the id has failed, a resumed load gives that one again, and then this one must
    // follow it.
    if (!has_checkpoint_) continue;
    const auto failed = failed_ids_.find(row.hash);
    if (failed != failed_ids_.end() && failed->second < row.given.front().sequence) continue;
    for (const Given& given : row.given) positions_.stored(given.sequence, given.position);
  }
  if (ended.outcome == RowOutcome::Stored) counts_.bytes += ended.bytes;
  if (samples_.empty() || now - samples_.back().first >= rate_step)
    samples_.emplace_back(now, counts_.stored);
  while (samples_.size() > 1 && now - samples_.front().first > rate_span) samples_.pop_front();
}

void Engine::settle(const Ended& ended) {
  for (const Row& row : ended.rows) {
    for (const Given& given : row.given) {
      const auto open = open_.find(given.epoch);
      if (--open->second == 0) open_.erase(open);
      --open_rows_;
    }
  }
}

BulkProgress Engine::progress(Clock::time_point now) const {
  BulkProgress progress = counts_;
  progress.pauses = pace_.pauses();
  progress.buffered_rows = open_rows_;
  progress.buffered_bytes = memory_;
  progress.in_flight = sending_.running;
  progress.batch_rows = pace_.limits().rows;
  progress.concurrency = pace_.concurrency();
  if (began_) progress.elapsed = now - *began_;
  if (!samples_.empty() && began_) {
    const bool is_young = now - *began_ <= rate_span;
    const auto since = is_young ? *began_ : samples_.front().first;
    const auto before = is_young ? 0 : samples_.front().second;
    const double time = std::chrono::duration<double>(now - since).count();
    if (time > 0) progress.rows_per_second = static_cast<double>(counts_.stored - before) / time;
  }
  if (options_.total_rows && progress.rows_per_second > 0) {
    const auto done = counts_.stored + counts_.failed + counts_.skipped + counts_.not_sent;
    const auto left = *options_.total_rows > done ? *options_.total_rows - done : 0;
    progress.remaining = std::chrono::duration<double>(static_cast<double>(left) / progress.rows_per_second);
  }
  return progress;
}

}  // namespace chroma::bulk
