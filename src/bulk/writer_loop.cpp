// The loop of a writer, on its strand: reports outcomes, starts requests, saves checkpoints, sets the timer.
#include "bulk/writer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace chroma::bulk {

/// A request that runs. If its coroutine is destroyed before its end, because its context ends, no request
/// can be sent any more, and callers that wait on other contexts are woken.
class Writer::Running {
 public:
  explicit Running(std::shared_ptr<Writer> writer) : writer_(std::move(writer)) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (writer_) writer_->abandon();
  }
  void end() { writer_.reset(); }

 private:
  std::shared_ptr<Writer> writer_;
};

void Writer::pump() {
  {
    const std::lock_guard lock(mutex_);
    pump_posted_ = false;
    if (!engine_) return;
  }
  report();
  launch();
  report();  // Rows that were refused while batches were made.
  save_checkpoint();
  arm_timer();
  const std::lock_guard lock(mutex_);
  wake_ready();
}

void Writer::report() {
  std::vector<Ended> ended;
  {
    const std::lock_guard lock(mutex_);
    ended = engine_->take_ended();
  }
  for (Ended& one : ended) report_one(one);
}

void Writer::report_one(Ended& ended) {
  bool has_callback = false;
  {
    const std::lock_guard lock(mutex_);
    engine_->account(ended, Clock::now());
    has_callback = options_.on_batch && !closed_ && !failure_;
  }
  std::vector<std::string> ids;
  if (has_callback) {
    ids.reserve(ended.rows.size());
    for (const Row& row : ended.rows) ids.push_back(row.id());
  }
  std::vector<BulkRecord> records;
  if (ended.outcome != RowOutcome::Stored) {
    records.reserve(ended.rows.size());
    for (Row& row : ended.rows) records.push_back(row.take_record());
  }
  if (has_callback) call_back(ended, ids, records);
  const std::lock_guard lock(mutex_);
  engine_->settle(ended);
  for (BulkRecord& record : records) {
    if (failed_.size() >= options_.keep_failed_rows) break;
    failed_.push_back(FailedRecord{std::move(record), ended.outcome, *ended.error});
  }
}

void Writer::call_back(const Ended& ended, const std::vector<std::string>& ids,
                       const std::vector<BulkRecord>& records) {
  std::vector<std::uint64_t> positions;
  positions.reserve(ended.rows.size());
  for (const Row& row : ended.rows) {
    for (const Given& given : row.given) positions.push_back(given.position);
  }
  BatchOutcome outcome;
  outcome.outcome = ended.outcome;
  outcome.operation = options_.operation;
  outcome.first_position = positions.empty() ? 0 : positions.front();
  outcome.rows = positions.size();
  outcome.ids = ids;
  outcome.positions = positions;
  outcome.records = records;
  outcome.attempts = ended.attempts;
  outcome.splits = ended.splits;
  outcome.bytes = ended.bytes;
  outcome.duration = ended.duration;
  outcome.error = ended.error;
  const std::lock_guard callback(callback_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
  }
  try {
    options_.on_batch(outcome);
  } catch (...) {
    fail(std::current_exception());
  }
}

bool Writer::needs_description() const {
  return !engine_->started() && !engine_->stopped() && !describing_ && engine_->open_rows() > 0;
}

void Writer::launch() {
  for (;;) {
    BatchPtr texts;
    BatchPtr batch;
    {
      const std::lock_guard lock(mutex_);
      const auto now = Clock::now();
      if (needs_description() && now >= describe_at_) {
        describing_ = true;
      } else {
        texts = engine_->next_embedding(now);
        if (!texts) batch = engine_->next_batch(now);
        if (!texts && !batch) return;
      }
    }
    if (texts) {
      asio::co_spawn(sink_->executor(), embed(std::move(texts)), asio::detached);
    } else {
      asio::co_spawn(strand_, batch ? send(std::move(batch)) : describe(), asio::detached);
    }
  }
}

template <class T>
asio::awaitable<Result<T>> Writer::attempt(asio::awaitable<T> request) {
  Running running(shared_from_this());
  std::exception_ptr failure;
  Result<T> result;
  try {
    result = co_await as_result(std::move(request));
  } catch (...) {
    failure = std::current_exception();
  }
  running.end();
  if (failure) {
    fail(failure);
    result = Result<T>(cancelled("the bulk writer has failed"));
  }
  co_return result;
}

asio::awaitable<void> Writer::describe() {
  const auto self = shared_from_this();
  auto request = sink_->describe();
  const Result<Target> result = co_await attempt(std::move(request));
  {
    const std::lock_guard lock(mutex_);
    described(result);
  }
  pump();
}

void Writer::described(const Result<Target>& result) {
  describing_ = false;
  if (result.has_value()) return engine_->start(*result);
  const auto verdict = judge(result.error()).verdict;
  if (verdict == Verdict::Throttled) {
    describe_at_ = engine_->description_throttled(result.error(), Clock::now(), chance());
    return;
  }
  const bool may_pass = verdict == Verdict::Repeat || verdict == Verdict::TimedOut;
  if (!may_pass || ++describe_failures_ >= options_.retry.max_tries) return engine_->stop(result.error());
  describe_at_ = Clock::now() + retry_delay(options_.retry, describe_failures_, chance());
}

asio::awaitable<void> Writer::send(BatchPtr batch) {
  const auto self = shared_from_this();
  auto request = sink_->send(batch);
  const Result<void> result = co_await attempt(std::move(request));
  {
    const std::lock_guard lock(mutex_);
    engine_->sent(batch, result, Clock::now(), chance());
  }
  pump();
}

asio::awaitable<Vectors> Writer::call_functions(BatchPtr batch) {
  const auto self = shared_from_this();
  // A function that does not suspend must not run on the strand, from which this coroutine was started.
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  co_await asio::post(executor, asio::use_awaitable);
  co_return co_await sink_->embed(std::move(batch));
}

asio::awaitable<void> Writer::embed(BatchPtr batch) {
  const auto self = shared_from_this();
  auto calls = call_functions(batch);
  const Result<Vectors> result = co_await attempt(std::move(calls));
  {
    const std::lock_guard lock(mutex_);
    engine_->embedded(batch, result, Clock::now(), chance());
  }
  schedule();
}

void Writer::save_checkpoint() {
  std::optional<StoredPositions> stored;
  bool last = false;
  const auto now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    last = finishing_ && engine_->open_rows() == 0;
    const bool is_missing = last && checkpoint_fault_.has_value();
    const bool is_new =
        options_.checkpoint && !closed_ && (is_missing || engine_->checkpoint_version() != saved_version_);
    if (is_new && (last || now - saved_at_ >= options_.checkpoint->interval)) {
      stored = engine_->stored_positions();
      saved_version_ = engine_->checkpoint_version();
    }
  }
  std::optional<std::string> fault;
  if (stored) {
    saved_at_ = now;
    try {
      replace_file(options_.checkpoint->path, write_checkpoint(owner_, *stored));
    } catch (const std::exception& error) {
      fault = error.what();
      sink_->warn("the checkpoint cannot be written: " + *fault);
    }
  }
  const std::lock_guard lock(mutex_);
  if (stored) checkpoint_fault_ = std::move(fault);
  if (last) finished_ = true;
}

void Writer::arm_timer() {
  std::optional<Clock::time_point> wake;
  {
    const std::lock_guard lock(mutex_);
    wake = engine_->wake_at(Clock::now());
    if (needs_description()) wake = describe_at_;
    const bool unsaved = options_.checkpoint && !closed_ && engine_->checkpoint_version() != saved_version_;
    if (unsaved && !finished_) {
      const auto due = saved_at_ + options_.checkpoint->interval;
      wake = wake ? std::min(*wake, due) : due;
    }
  }
  if (!wake) {
    if (armed_ != Clock::time_point::max()) timer_.cancel();
    armed_ = Clock::time_point::max();
    return;
  }
  if (*wake == armed_) return;
  armed_ = *wake;
  timer_.expires_at(*wake);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& code) {
    if (code) return;
    if (const auto self = weak.lock()) {
      self->armed_ = Clock::time_point::max();
      self->pump();
    }
  });
}

}  // namespace chroma::bulk
