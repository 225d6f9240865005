// What users of a writer call, and how they wait.
#include "bulk/writer.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace chroma::bulk {
namespace {

// A caller on the client's own context lets requests run after so many records.
constexpr std::size_t rows_between_yields = 16;

StoredPositions load_checkpoint(const BulkOptions& options, const CheckpointOwner& owner) {
  if (!options.checkpoint) return {};
  const auto text = read_file(options.checkpoint->path);
  return text ? read_checkpoint(*text, owner) : StoredPositions();
}

CheckpointOwner owner_of(const Sink& sink, const BulkOptions& options) {
  return {sink.collection_id(), options.operation,
          options.checkpoint ? options.checkpoint->source : std::string()};
}

}  // namespace

ChromaHttpClientError cancelled(const char* message) {
  return ChromaHttpClientError(
      RequestError{Stage::cancelled, std::make_error_code(std::errc::operation_canceled), message});
}

Writer::Writer(std::shared_ptr<Sink> sink, BulkOptions options)
    : sink_(std::move(sink)),
      options_(std::move(options)),
      owner_(owner_of(*sink_, options_)),
      strand_(asio::make_strand(sink_->executor())),
      timer_(strand_) {}

Engine& Writer::engine() {
  if (!engine_) {
    KnownFunctions functions;
    functions.sparse = sink_->makes_sparse_vectors();
    functions.find_fault = [this] { return function_fault(); };
    engine_.emplace(options_, load_checkpoint(options_, owner_), std::move(functions));
  }
  return *engine_;
}

const std::optional<ChromaHttpClientError>& Writer::function_fault() {
  std::call_once(function_known_, [this] { function_fault_ = sink_->embedding_function_fault(); });
  return function_fault_;
}

void Writer::require_open() const {
  if (failure_) std::rethrow_exception(failure_);
  if (closed_) throw cancelled("the bulk writer was destroyed");
  if (engine_ && engine_->stopped()) throw *engine_->stopped();
  if (finishing_) throw ChromaHttpClientError(ValidationError{"the writer was finished", "writer"});
}

/// Belongs to a caller that waited to write. When the call ends, whether it has written or was cancelled, the
/// next waiting caller is woken.
class Writer::Turn {
 public:
  explicit Turn(std::shared_ptr<Writer> writer) : writer_(std::move(writer)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    const std::lock_guard lock(writer_->mutex_);
    writer_->wake_ready();
  }

 private:
  std::shared_ptr<Writer> writer_;
};

bool Writer::must_yield(const asio::any_io_executor& executor, std::size_t rows) {
  const auto& own = asio::query(strand_, asio::execution::context);
  if (&asio::query(executor, asio::execution::context) != &own) return false;
  const std::size_t before = written_.fetch_add(rows);
  return before / rows_between_yields != (before + rows) / rows_between_yields;
}

asio::awaitable<void> Writer::write(Rows rows, std::optional<std::uint64_t> first_position) {
  const auto self = shared_from_this();
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::optional<Turn> turn;
  std::shared_ptr<core::Waiter> waiter;
  if (must_yield(executor, rows.size())) co_await asio::post(executor, asio::use_awaitable);
  // The factory of a function may take long, or ask for the progress: it runs before the mutex is taken.
  const bool needs_function = std::ranges::any_of(rows, [](const Row& row) { return !row.embedding(); });
  if (needs_function && options_.operation != BulkOperation::Delete) static_cast<void>(function_fault());
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      require_open();
      Engine& load = engine();
      if (!load.is_full()) {
        const auto now = Clock::now();
        const int kinds = load.waiting_kinds();
        while (!rows.empty()) {
          load.give(take_first(rows, 1), first_position, now);
          if (first_position) ++*first_position;
        }
        // The first row of a kind starts the timer of `flush_interval`.
        const bool needs_pump =
            load.waiting_kinds() > kinds || !load.started() || load.may_proceed(now) || load.has_ended_rows();
        lock.unlock();
        if (needs_pump) schedule();
        co_return;
      }
      if (!waiter) waiter = std::make_shared<core::Waiter>(core::ContextLifetime::of(executor));
      waiting_to_write_.push_back(waiter);
    }
    schedule();
    if (!turn) turn.emplace(self);
    static_cast<void>(co_await waiter->woken.wait(Clock::time_point::max()));
  }
}

bool Writer::has_ended(std::uint64_t flush) {
  if (abandoned_) return true;
  return finishing_ ? finished_ : engine().has_ended(flush);
}

asio::awaitable<void> Writer::wait_for(std::uint64_t flush) {
  const auto self = shared_from_this();
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto waiter = std::make_shared<FlushWaiter>(core::ContextLifetime::of(executor), flush);
  for (;;) {
    bool ended = false;
    {
      const std::lock_guard lock(mutex_);
      ended = has_ended(flush);
      if (!ended) waiting_for_flush_.push_back(waiter);
    }
    if (ended) co_return;
    schedule();
    static_cast<void>(co_await waiter->woken.wait(Clock::time_point::max()));
  }
}

asio::awaitable<void> Writer::flush() {
  const auto self = shared_from_this();
  std::uint64_t until = 0;
  {
    const std::lock_guard lock(mutex_);
    until = engine().begin_flush();
  }
  co_await wait_for(until);
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

asio::awaitable<BulkReport> Writer::finish() {
  const auto self = shared_from_this();
  std::uint64_t until = 0;
  {
    const std::lock_guard lock(mutex_);
    until = engine().begin_flush();
    finishing_ = true;
  }
  co_await wait_for(until);
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  BulkReport report;
  report.progress = engine().progress(Clock::now());
  report.failed = failed_;
  report.stopped = engine().stopped();
  report.checkpoint_fault = checkpoint_fault_;
  co_return report;
}

void Writer::abort() {
  {
    const std::lock_guard lock(mutex_);
    try {
      engine().stop(cancelled("the bulk writer was aborted"));
    } catch (const ChromaHttpClientError&) {
      return;  // The checkpoint cannot be used, so no record has been taken.
    }
  }
  schedule();
}

void Writer::close() {
  std::size_t lost = 0;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    if (engine_ && !finished_) {
      lost = engine_->open_rows();
      engine_->stop(cancelled("the bulk writer was destroyed"));
    }
  }
  { const std::lock_guard callback(callback_mutex_); }
  if (lost > 0) {
    sink_->warn("a bulk writer was destroyed without finish(); the outcome of " + std::to_string(lost) +
                " records was not reported");
  }
  schedule();
}

BulkProgress Writer::progress() {
  const std::lock_guard lock(mutex_);
  return engine_ ? engine_->progress(Clock::now()) : BulkProgress();
}

std::uint64_t Writer::resume_position() {
  const std::lock_guard lock(mutex_);
  return engine().previous_positions().low_water;
}

void Writer::schedule() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(pump_posted_, true)) return;
  }
  asio::post(strand_, [self = shared_from_this()] { self->pump(); });
}

void Writer::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  if (engine_) engine_->stop(cancelled("the bulk writer has failed"));
  wake_ready();
}

void Writer::abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  if (!failure_) failure_ = std::make_exception_ptr(cancelled("the context of the bulk writer has ended"));
  wake_ready();
}

void Writer::wake_ready() {
  if (!engine_) return;
  const bool ends = failure_ || closed_ || finishing_ || engine_->stopped();
  while ((ends || !engine_->is_full()) && !waiting_to_write_.empty()) {
    const auto waiter = waiting_to_write_.front().lock();
    waiting_to_write_.pop_front();
    if (!waiter) continue;
    waiter->wake();
    if (!ends) break;  // Its Turn wakes the next one if there is still room.
  }
  std::erase_if(waiting_for_flush_, [&](const auto& weak) {
    const auto waiter = weak.lock();
    if (!waiter) return true;
    if (!has_ended(waiter->flush)) return false;
    waiter->wake();
    return true;
  });
}

}  // namespace chroma::bulk
