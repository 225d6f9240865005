#pragma once

/// @file
/// `BulkWriter`: stores any number of records, in batches of the right size, with the outcome of each.

#include <chroma/bulk_record.hpp>
#include <chroma/collection.hpp>
#include <chroma/error.hpp>
#include <chroma/export.hpp>
#include <chroma/options.hpp>
#include <chroma/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace chroma {

namespace bulk {
class Writer;
}

/// What a `BulkWriter` does with the records. More operations may be added: write a default in a `switch`
/// over this type.
enum class BulkOperation { Add, Upsert, Update, Delete };
/// "add", "upsert", "update" or "delete".
[[nodiscard]] CHROMA_API const char* to_string(BulkOperation operation) noexcept;

/// What happens to a record if an earlier record with the same id has no outcome yet. More may be added:
/// write a default in a `switch` over this type.
enum class SameId {
  /// If the earlier record has not been sent, the two are joined: an upsert or update keeps the fields and
  /// metadata keys of the earlier record that the later one does not have; an add or delete replaces the
  /// earlier record. Both get the outcome of the joined record. If the earlier record has been sent, the
  /// later one waits for its outcome.
  KeepLast,
  Reject,    ///< The later record fails with a `ValidationError`.
  Sequence,  ///< The later record is sent after the outcome of the earlier one is known.
};

/// What happens after a record has failed. More may be added: write a default in a `switch` over this type.
enum class OnError {
  Continue,  ///< The other records are sent, unless more than `max_failed_rows` have failed.
  Stop,      ///< The writer stops: requests that are running end, and no further ones are sent.
};

/// How large a batch may be.
class CHROMA_API BulkLimits {
 public:
  /// The same as `automatic()`.
  BulkLimits() = default;
  /// `cloud()` if the host of the client's endpoint belongs to Chroma Cloud or requests have the header
  /// `x-chroma-token`; otherwise 250 records, or the server's `max_batch_size` if that is smaller.
  [[nodiscard]] static BulkLimits automatic();
  /// The default quotas of Chroma Cloud: 300 records in a request, 8 requests at the same time, and sizes of
  /// the fields of a record, which are checked before the record is sent.
  [[nodiscard]] static BulkLimits cloud();
  /// At most `rows` records and `bytes` of request body; both at least 1.
  [[nodiscard]] static BulkLimits custom(std::size_t rows, std::size_t bytes);

  /// Which of the functions above made it. More may be added: write a default in a `switch` over this type.
  enum class Kind { Automatic, Cloud, Custom };
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }    ///< Of `custom`; otherwise 0.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }  ///< Of `custom`; otherwise 0.

 private:
  Kind kind_ = Kind::Automatic;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
};

/// How often and when a batch is sent again after a transport failure or a response with status 5xx. Sending
/// a batch again is safe for all four operations. Status 429 does not count as a try; see `give_up_after`.
struct CHROMA_API BulkRetryOptions {
  BulkRetryOptions() = default;

  std::size_t max_tries = 8;  ///< Requests for one batch, including the first; at least 1.
  /// The wait before the second try is a random time up to this; the upper end doubles with each further try.
  std::chrono::milliseconds min_delay{500};
  std::chrono::milliseconds max_delay{60000};  ///< The longest wait.
};

/// A file that records which positions have been stored, so that another process can resume the load. Each
/// version is written to a temporary file, flushed to the disk and renamed, so the file is complete at any
/// moment.
struct CHROMA_API BulkCheckpoint {
  BulkCheckpoint() = default;
  explicit BulkCheckpoint(std::string file) : path(std::move(file)) {}

  std::string path;  ///< The name of the file, which is created when the first checkpoint is written.
  /// The shortest time between two checkpoints. The last one is written by `finish` in any case.
  std::chrono::milliseconds interval{1000};
  /// Identifies the source of the records, for example by path, size and time of a file. A checkpoint with
  /// another source is refused.
  std::string source;
};

/// The outcome of a record. More may be added: write a default in a `switch` over this type.
enum class RowOutcome {
  Stored,   ///< The server has confirmed it.
  Failed,   ///< With an error. After a lost connection or a timeout the server may have stored it.
  NotSent,  ///< The writer stopped before it was sent.
};

/// A group of records with the same outcome. The spans are valid during the call of `on_batch`.
struct BatchOutcome {
  RowOutcome outcome = RowOutcome::Stored;
  BulkOperation operation = BulkOperation::Upsert;
  std::uint64_t first_position = 0;          ///< The position of the first record.
  std::size_t rows = 0;                      ///< How many calls of `write` for a record this concludes.
  std::span<const std::string> ids;          ///< The ids as sent; joined records have one entry.
  std::span<const std::uint64_t> positions;  ///< The positions as given; joined records have one entry each.
  std::span<const BulkRecord> records;       ///< The records, with embeddings; empty if they were stored.
  std::size_t attempts = 0;                  ///< The number of requests with these records.
  std::size_t splits = 0;                    ///< How often their batch was divided.
  std::size_t bytes = 0;                     ///< The size of the last request body; 0 if none was sent.
  std::chrono::nanoseconds duration{};       ///< From the first attempt to the outcome.
  std::optional<ChromaHttpClientError> error;  ///< Unset if they were stored.
};

/// The options of a `BulkWriter`. They are checked by its constructor: a negative duration is refused, and
/// one of more than 100 years, for example `milliseconds::max()`, counts as 100 years.
struct CHROMA_API BulkOptions {
  BulkOptions() = default;

  BulkOperation operation = BulkOperation::Upsert;
  BulkLimits limits;                                   ///< How large a batch may be.
  std::size_t max_body_bytes = std::size_t(32) << 20;  ///< The largest request body in bytes.
  std::size_t concurrency = 1;                         ///< Requests at the same time in the beginning.
  /// The most requests at the same time; the number adapts between 1 and this.
  std::size_t max_concurrency = 8;
  /// If a request takes longer, half as many run at the same time, or, if there is only one, later batches
  /// have half as many records; if it takes less than a quarter of this, later batches have a quarter more,
  /// within the limits.
  std::chrono::milliseconds target_latency{2000};
  /// `write` waits while the records without an outcome take this memory, in bytes. The last record or block
  /// may exceed it. If it is 0, the memory is limited to twice `concurrency` times `max_body_bytes`, and the
  /// number of records to twice the number that can be sent and embedded at the same time.
  std::size_t max_buffered_bytes = 0;
  /// A batch that is not full is sent when its oldest record is this old; zero: only by `flush` and `finish`.
  std::chrono::milliseconds flush_interval{1000};
  SameId same_id = SameId::KeepLast;      ///< What happens to records with the same id.
  std::size_t embedding_rows = 100;       ///< The most records in one call of the embedding function.
  std::size_t embedding_concurrency = 2;  ///< The most calls of the embedding function at the same time.
  /// For transport failures, status 5xx, and retryable errors of embedding functions.
  BulkRetryOptions retry;
  /// The writer stops if requests have failed for so long without one success, including the waits after 429,
  /// or calls of the embedding function have. If the `Retry-After` of a 429 asks for a wait that would end
  /// later, the writer does not wait and stops at once.
  std::chrono::milliseconds give_up_after{600'000};
  /// Called once for each group of records that has an outcome, in the order in which they end, on the
  /// client's executor, one call at a time. While it runs, no further requests are started. If it throws, the
  /// writer stops, and `finish` throws the exception. It may call `abort` and `progress`, and must not block
  /// on other members.
  std::function<void(const BatchOutcome&)> on_batch;
  OnError on_error = OnError::Continue;        ///< What happens after a record has failed.
  std::optional<std::size_t> max_failed_rows;  ///< The writer stops if more have failed; unset: no limit.
  /// A batch that is refused because of its content is divided until only the records at fault fail. This
  /// takes up to 2 log2(rows) requests for each such record. If false, the whole batch fails.
  bool isolate_bad_rows = true;
  std::size_t keep_failed_rows = 10'000;     ///< The most records in `BulkReport::failed`.
  std::optional<BulkCheckpoint> checkpoint;  ///< Unset: no file is written.
  /// Check each record before it is embedded and before it is sent: the id is not empty, texts are valid
  /// UTF-8, metadata can be stored, embeddings have one dimension and finite values, and the quotas of
  /// `cloud()` are kept. Without it, the request checks them, and a batch with an invalid record is divided
  /// until the record is alone.
  bool validate = true;
  std::optional<std::uint64_t>
      total_rows;  ///< How many records there will be; for `BulkProgress::remaining`.
};

/// A record that was not stored, with its embedding, so that it can be given to another writer.
struct FailedRecord {
  BulkRecord record;
  RowOutcome outcome = RowOutcome::Failed;  ///< Failed or NotSent.
  ChromaHttpClientError error;              ///< The reason.
};

/// The state of a writer. All counts are since its construction. `given` is the sum of stored, failed,
/// not_sent, skipped and buffered_rows.
struct BulkProgress {
  std::uint64_t given = 0;
  std::uint64_t stored = 0;
  std::uint64_t failed = 0;
  std::uint64_t not_sent = 0;
  std::uint64_t skipped = 0;   ///< Stored by an earlier process, according to the checkpoint.
  std::uint64_t joined = 0;    ///< Joined with another record of the same id; counted in the others as well.
  std::uint64_t bytes = 0;     ///< Bytes of the request bodies that were stored.
  std::uint64_t requests = 0;  ///< Requests that were started.
  std::uint64_t retries = 0;   ///< Batches that were sent again.
  std::uint64_t splits = 0;    ///< Batches that were divided.
  std::uint64_t pauses = 0;    ///< Pauses after status 429.
  std::uint64_t embedded = 0;  ///< Records whose embeddings the embedding function has made.
  std::size_t buffered_rows = 0;            ///< Records without an outcome.
  std::size_t buffered_bytes = 0;           ///< Their memory, estimated.
  std::size_t in_flight = 0;                ///< Requests that are running.
  std::size_t batch_rows = 0;               ///< The current size of a batch.
  std::size_t concurrency = 0;              ///< The current number of requests at the same time.
  double rows_per_second = 0;               ///< Stored records, averaged over the last ten seconds.
  std::chrono::duration<double> elapsed{};  ///< Since the first record was given.
  /// An estimate of the remaining time; unset without `total_rows`, or while no record is stored.
  std::optional<std::chrono::duration<double>> remaining;
};

/// The outcome of a load.
struct BulkReport {
  BulkProgress progress;             ///< The final counts.
  std::vector<FailedRecord> failed;  ///< Records that failed or were not sent; at most `keep_failed_rows`.
  /// The error that stopped the writer before the end; unset if it did not stop.
  std::optional<ChromaHttpClientError> stopped;
  std::optional<std::string> checkpoint_fault;  ///< Set if the last checkpoint could not be written.

  /// True if every record was stored or skipped.
  [[nodiscard]] bool complete() const noexcept { return progress.failed == 0 && progress.not_sent == 0; }
};

/// Stores any number of records in a collection. It makes batches that the server accepts, sends several at
/// the same time, adapts their size and number to the server, sends batches again after failures that may
/// pass, divides batches that are refused as too large, finds the records at fault in batches that are
/// refused, and reports the outcome of each record once.
///
///     chroma::BulkWriter writer(collection, options);
///     while (auto record = next()) co_await writer.write(std::move(*record));
///     chroma::BulkReport report = co_await writer.finish();
///
/// **Embedding**: records of an add or upsert that have no embedding, and records of an update that have a
/// document and no embedding, are embedded by the function that the collection handle has when the writer is
/// made. The sparse vectors that the schema names are made as well. Calls of the function run while other
/// records are stored. A batch that is sent again or divided is not embedded again, and a record that fails
/// after it was embedded is returned with its embedding. Without a function, such a record of an add or
/// upsert fails. If the error of a function says which text it is about, that record fails; other errors that
/// are not retryable divide the records until the ones at fault are found. The writer stops if the function
/// responds with status 401, 402, 403 or 404, makes embeddings of another dimension than the collection has,
/// or if 16 of its calls fail one after the other without naming one of several texts.
///
/// **Order**: a record is sent only when all earlier records with the same id have their outcome. Records
/// with different ids may be stored in any order unless `max_concurrency` is 1 and none is embedded.
///
/// **Memory** is bounded by `max_buffered_bytes` and two request bodies for each request that runs. A record
/// that waits for its embedding is counted with it.
///
/// **Stopping**: a response with status 401, 403, 404 or 501, or with an exceeded quota of the collection or
/// the account, stops the writer. Requests and calls of the embedding function that are running end, the
/// other records are `NotSent`, with the embeddings that were made for them, further calls of `write` throw
/// the error, and `finish` returns the report.
///
/// **Cancellation**: a cancelled `write` has taken nothing, and a cancelled `flush` changes nothing. A
/// cancelled `finish` may be called again; `write` throws from then on.
///
/// **Destruction** without `finish`: requests and calls of the embedding function that are running end after
/// the destructor has returned, buffered records are neither embedded nor sent, `on_batch` is not called any
/// more, and one line is logged at `warn` if records had no outcome. The destructor waits for a call of
/// `on_batch` that is running on another thread.
///
/// **Moved-from writers** are empty: operations fail with a `ValidationError`, and the other members throw
/// one. A writer may be assigned to them.
///
/// **Lifetime**: the executor of the collection's client must remain valid as long as the writer exists.
///
/// **Thread safety**: all members may be called from several threads at the same time, and awaited on any
/// executor; requests and embedding functions run on the client's. Without coroutines:
/// `runtime.block_on(writer.write(record))`.
class CHROMA_API BulkWriter {
 public:
  /// Does no I/O.
  /// @throws ChromaHttpClientError of kind ValidationError for an empty handle or an invalid option
  explicit BulkWriter(ChromaCollection collection, BulkOptions options = BulkOptions());
  BulkWriter(BulkWriter&&) noexcept;
  BulkWriter& operator=(BulkWriter&&) noexcept;
  ~BulkWriter();

  /// Takes one record. Waits first while `max_buffered_bytes` are buffered. An invalid record is not an error
  /// of this call: it gets the outcome `Failed`.
  /// @throws ChromaHttpClientError if the writer has stopped, with the reason; of kind ValidationError if it
  /// was finished, if there is a checkpoint and the position is not greater than the one before, or if the
  /// checkpoint belongs to another collection, operation or source
  [[nodiscard]] boost::asio::awaitable<void> write(BulkRecord record);
  /// Takes a block of columns, for any operation. Its rows are not copied. The values of an
  /// `Embeddings::view` in it must remain valid until its records have their outcome.
  /// @throws ChromaHttpClientError as above; of kind ValidationError if a column has another length than ids
  [[nodiscard]] boost::asio::awaitable<void> write(UpsertRequest block);
  /// The same with the position of the first record; each further record has the next position.
  [[nodiscard]] boost::asio::awaitable<void> write(UpsertRequest block, std::uint64_t first_position);

  /// Waits until all records given so far have their outcome and `on_batch` has returned for them.
  [[nodiscard]] boost::asio::awaitable<void> flush();
  /// Flushes, writes the last checkpoint and returns the report. Later calls of `write` throw. A second call
  /// returns the same report.
  [[nodiscard]] boost::asio::awaitable<BulkReport> finish();
  /// Stops the writer: requests that are running end, the other records are `NotSent`. Returns at once;
  /// `finish` returns the report. Does nothing if the checkpoint cannot be used, because then `write` takes
  /// no record.
  void abort();

  /// The current state.
  [[nodiscard]] BulkProgress progress() const;
  /// The position at which to begin reading the source: all records below have been stored by an earlier
  /// process. Records from there on that have been stored are skipped when they are given. 0 if there is no
  /// checkpoint file.
  /// @throws ChromaHttpClientError of kind ValidationError if the checkpoint cannot be used
  [[nodiscard]] std::uint64_t resume_position() const;

 private:
  std::shared_ptr<bulk::Writer> writer_;
};

/// Writes all records of a source and returns the report. If `next` throws, the records that it returned are
/// stored before the exception is rethrown.
/// @param source has a member `awaitable<std::optional<BulkRecord>> next()`, which returns nothing at the end
/// @throws what `next`, `write` and `finish` throw, except the error that stopped the writer: it is in the
/// report
template <class Source>
boost::asio::awaitable<BulkReport> bulk_upsert(ChromaCollection collection, Source source,
                                               BulkOptions options = BulkOptions()) {
  BulkWriter writer(std::move(collection), std::move(options));
  std::exception_ptr failure;
  std::optional<ChromaHttpClientError> refused;
  try {
    while (!refused) {
      std::optional<BulkRecord> record = co_await source.next();
      if (!record) break;
      auto written = writer.write(std::move(*record));
      const Result<void> outcome = co_await as_result(std::move(written));
      if (!outcome.has_value()) refused = outcome.error();
    }
  } catch (...) {
    failure = std::current_exception();
  }
  BulkReport report = co_await writer.finish();
  if (failure) std::rethrow_exception(failure);
  if (refused && !report.stopped) throw *refused;
  co_return report;
}

}  // namespace chroma
