#pragma once

#include "bulk/buffer.hpp"
#include "bulk/pace.hpp"
#include "bulk/positions.hpp"
#include "bulk/row_check.hpp"

#include <chroma/bulk.hpp>
#include <chroma/embeddings.hpp>
#include <chroma/metadata.hpp>
#include <chroma/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace chroma::bulk {

/// What the writer must know about the collection and the server before the first request.
struct Target {
  std::size_t max_batch_size = 0;  ///< Of the server; 0 if it is not known.
  bool cloud = false;
  bool base64 = false;
  std::optional<std::size_t> dimension;
  std::chrono::milliseconds timeout{60'000};  ///< The client's own for one request; zero is none.
};

/// Rows that are sent together, or embedded together.
struct Batch {
  Rows rows;
  std::size_t bytes = 0;     ///< Of the body.
  std::size_t tries = 0;     ///< Attempts that count for `BulkRetryOptions`.
  std::size_t attempts = 0;  ///< All attempts.
  std::size_t splits = 0;
  bool busy = false;  ///< True if as many requests ran as are allowed when it was sent.
  Clock::time_point first_sent{};
  Clock::time_point sent{};
  Clock::time_point due{};                     ///< It is not sent again before this time.
  std::chrono::milliseconds timeout{};         ///< For one attempt.
  std::optional<ChromaHttpClientError> error;  ///< Of the last attempt.
};
using BatchPtr = std::shared_ptr<Batch>;

/// What embedding functions have made of the rows of a batch; an entry for each row.
struct Vectors {
  std::optional<Embeddings> embeddings;  ///< Unset if none were made.
  /// With sparse vectors; unset if none were made.
  std::optional<std::vector<std::optional<UpdateMetadata>>> metadatas;
};

/// What the engine must know about the embedding functions of the collection.
struct KnownFunctions {
  /// Of the function that makes embeddings; called when it is needed.
  FindFunctionFault find_fault = [] { return ChromaHttpClientError(MissingEmbeddingFunction()); };
  bool sparse = false;  ///< Whether the schema names functions that make sparse vectors.
};

/// Rows that have their outcome.
struct Ended {
  RowOutcome outcome = RowOutcome::Stored;
  Rows rows;
  std::size_t attempts = 0;
  std::size_t splits = 0;
  std::size_t bytes = 0;
  Clock::duration duration{};
  std::optional<ChromaHttpClientError> error;
};

/// The wait before the next try after so many failures: a random part of a delay that doubles each time.
/// @param random evenly distributed in [0, 1)
[[nodiscard]] std::chrono::milliseconds retry_delay(const BulkRetryOptions& options, std::size_t failures,
                                                    double random);

/// A bulk load as a state machine: the caller passes in the rows and the results of requests, and receives
/// the next request. The engine neither waits nor sends; the caller passes the time. Not thread-safe.
class Engine {
 public:
  explicit Engine(const BulkOptions& options, StoredPositions previous = {}, KnownFunctions functions = {});

  /// The server's limits are known: batches can be made.
  void start(const Target& target);
  [[nodiscard]] bool started() const noexcept { return started_; }
  /// The request for the server's limits was refused with a 429, which does not count as a try. Stops the
  /// load if the server asks for too long a wait. @returns when the limits may be requested again
  Clock::time_point description_throttled(const ChromaHttpClientError& error, Clock::time_point now,
                                          double random);

  /// Adds one row.
  /// @throws ChromaHttpClientError with a `ValidationError` if a position does not rise despite a checkpoint
  void give(Rows one, std::optional<std::uint64_t> position, Clock::time_point now);
  /// All rows given so far are to be sent at once. @returns what `has_ended` takes
  std::uint64_t begin_flush() noexcept;
  /// True if every row given before that flush has been settled.
  [[nodiscard]] bool has_ended(std::uint64_t flush) const noexcept;
  /// No further requests are returned. Rows that wait end with this reason: `NotSent`, or `Failed` if they
  /// have been sent before.
  void stop(const ChromaHttpClientError& reason);
  [[nodiscard]] const std::optional<ChromaHttpClientError>& stopped() const noexcept { return stopped_; }
  /// True if `write` must wait.
  [[nodiscard]] bool is_full() const noexcept;
  /// True if `next_batch` or `next_embedding` may return a batch now.
  [[nodiscard]] bool may_proceed(Clock::time_point now) const noexcept;

  /// The next request to be sent, and to be reported to `sent`; nullptr if there is none now.
  [[nodiscard]] BatchPtr next_batch(Clock::time_point now);
  /// The next call of the embedding function, to be reported to `embedded`; nullptr if there is none now.
  [[nodiscard]] BatchPtr next_embedding(Clock::time_point now);
  /// When to call both again if nothing else happens before; nothing if that is not necessary.
  [[nodiscard]] std::optional<Clock::time_point> wake_at(Clock::time_point now) const noexcept;

  /// @param random evenly distributed in [0, 1)
  void sent(const BatchPtr& batch, const Result<void>& result, Clock::time_point now, double random);
  /// @param random likewise
  void embedded(const BatchPtr& batch, const Result<Vectors>& result, Clock::time_point now, double random);

  /// Rows whose outcome has not been reported yet. `account` must be called before it is reported, `settle`
  /// afterwards.
  [[nodiscard]] std::vector<Ended> take_ended() { return std::exchange(ended_, {}); }
  [[nodiscard]] bool has_ended_rows() const noexcept { return !ended_.empty(); }
  void account(const Ended& ended, Clock::time_point now);
  void settle(const Ended& ended);
  /// Rows that have not been settled.
  [[nodiscard]] std::size_t open_rows() const noexcept { return open_rows_; }
  /// How many of the two kinds of rows wait: those to embed, and those to send.
  [[nodiscard]] int waiting_kinds() const noexcept {
    return static_cast<int>(buffer_.ready() > 0) + static_cast<int>(buffer_.to_embed() > 0);
  }

  [[nodiscard]] BulkProgress progress(Clock::time_point now) const;
  [[nodiscard]] StoredPositions stored_positions() const { return positions_.snapshot(); }
  [[nodiscard]] const StoredPositions& previous_positions() const noexcept { return positions_.previous(); }
  /// How many rows have been stored or skipped. A checkpoint is due when the number has grown.
  [[nodiscard]] std::uint64_t checkpoint_version() const noexcept { return counts_.stored + counts_.skipped; }

 private:
  /// The batches that are sent, or embedded.
  struct Queue {
    std::list<BatchPtr> pending;  ///< To be tried again, or parts of a divided batch.
    std::size_t running = 0;
    std::optional<Clock::time_point> trouble_since;  ///< The first failure after the last success.

    [[nodiscard]] BatchPtr take_pending(Clock::time_point now);
    [[nodiscard]] std::size_t free_places(std::size_t all) const noexcept;
  };

  [[nodiscard]] bool is_due(Clock::time_point now) const noexcept;
  [[nodiscard]] bool embedding_is_due(Clock::time_point now) const noexcept;
  [[nodiscard]] bool is_idle() const noexcept;
  [[nodiscard]] bool has_age(const Row& oldest, Clock::time_point now) const noexcept;
  [[nodiscard]] std::optional<Clock::time_point> wake_at(const Queue& queue, std::size_t places,
                                                         const Row* oldest, bool is_due,
                                                         Clock::time_point now) const noexcept;
  /// Counts the memory of a row again, after it was given or joined.
  void charge(Row& row);
  /// Takes rows for a new batch; nullptr if there are none, or the load stops.
  template <class Take>
  BatchPtr take_rows(Clock::time_point now, Take take);
  void launch(Batch& batch, Clock::time_point now);
  void measure(Batch& batch);

  void failed(const BatchPtr& batch, const ChromaHttpClientError& error, Clock::time_point now,
              double random);
  void repeat(const BatchPtr& batch, Queue& queue, Clock::time_point now, double random);
  void divide(const BatchPtr& batch, Queue& queue, const std::vector<std::size_t>& parts);
  void halve(const BatchPtr& batch, Queue& queue);
  void replan(const BatchPtr& batch, std::size_t most_bytes);
  void add_vectors(Batch& batch, const Vectors& vectors, Clock::time_point now);
  void embedding_failed(const BatchPtr& batch, const ChromaHttpClientError& error, Clock::time_point now,
                        double random);
  /// Divides a batch in which the function refused these texts, or ends the row if it is one.
  void set_apart(const BatchPtr& batch, std::size_t first, std::size_t count, Clock::time_point now);
  void end(Batch& batch, RowOutcome outcome, Clock::time_point now);
  void refuse(Rows one, ChromaHttpClientError error);
  /// These rows are not sent, because the load has stopped.
  void leave(Rows rows);
  [[nodiscard]] bool has_failed_enough() const noexcept;
  /// Stops if a refused row requires it; rows that have just been taken get the outcome `NotSent`.
  bool stops_now(const BatchPtr& taken, Clock::time_point now);
  void note_trouble(Queue& queue, const ChromaHttpClientError& error, Clock::time_point now);
  [[nodiscard]] bool waits_too_long(const Refusal& refusal, Clock::time_point now) const noexcept;
  /// When the load ends for lack of success, if a failure has just happened.
  [[nodiscard]] Clock::time_point give_up_at(const Queue& queue, Clock::time_point now) const noexcept;

  BulkOptions options_;
  bool has_checkpoint_;
  bool started_ = false;
  Target target_;
  Buffer buffer_;
  RowCheck check_;
  Pace pace_;
  PositionLog positions_;
  /// From the hash of an id to the sequence of the first record that failed; kept with a checkpoint only.
  std::unordered_map<std::uint64_t, std::uint64_t> failed_ids_;
  Queue sending_;
  Queue embedding_;
  std::size_t embedding_failures_ = 0;  // One after the other, for reasons that are not in a text.
  std::vector<Ended> ended_;
  std::optional<ChromaHttpClientError> stopped_;
  std::optional<ChromaHttpClientError> stop_later_;  // As soon as no rows are being taken.

  std::uint64_t next_sequence_ = 0;
  std::uint64_t next_position_ = 0;
  std::uint64_t epoch_ = 0;
  std::uint64_t flushing_ = 0;                   // Rows of earlier epochs are due.
  std::map<std::uint64_t, std::uint64_t> open_;  // Epoch to rows without a settled outcome.
  std::size_t memory_ = 0;
  std::size_t max_memory_;
  std::size_t vector_memory_;  // Of an embedding that is to be made.

  BulkProgress counts_;
  std::size_t open_rows_ = 0;
  std::optional<Clock::time_point> began_;
  std::deque<std::pair<Clock::time_point, std::uint64_t>> samples_;  // Stored rows over the last seconds.
  core::Buffer scratch_;
};

}  // namespace chroma::bulk
