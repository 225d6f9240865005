#pragma once

#include "bulk/planner.hpp"
#include "bulk/row.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace chroma::bulk {

/// The rows that wait to be embedded or to be sent, in the order in which they were given, and the ids that
/// must wait: a row is not sent while a row of the same id is in a request, or an earlier one of the same id
/// is in the embedding stage. For this, ids are compared by a 64-bit hash; rows of different ids with the
/// same hash are sent later than necessary.
class Buffer {
 public:
  /// Looks at a row before it is taken for the first time; a row with an error is handed to `refuse`.
  using Check = std::function<std::optional<ChromaHttpClientError>(const Row&)>;
  using Refuse = std::function<void(Rows, ChromaHttpClientError)>;

  /// @param sparse whether the collection names functions that make sparse vectors
  /// @param has_function whether there is a function that makes embeddings; called for rows that have none
  Buffer(BulkOperation operation, SameId same_id, bool sparse, std::function<bool()> has_function)
      : operation_(operation), same_id_(same_id), sparse_(sparse), has_function_(std::move(has_function)) {}

  /// True if a row of this id has no outcome yet; `SameId::Reject` alone.
  [[nodiscard]] bool is_open(const std::string& id) const { return open_.contains(id); }
  /// True if the row passes the embedding stage before it is sent.
  [[nodiscard]] bool needs_embedding(const Row& row) const;
  /// Adds one row. Returns the waiting row of the same id with which it was joined; nullptr if there is none.
  Row* push(Rows one);

  /// Rows for one request, which are busy from now on. Rows that fail the check are refused.
  [[nodiscard]] Rows take(const BatchLimits& limits, bool base64, const Check& check, const Refuse& refuse);
  /// At most so many rows for one call of the embedding function: either all have embeddings, and need sparse
  /// vectors, or none has. They remain in the stage. Rows that fail the check are refused.
  [[nodiscard]] Rows take_to_embed(std::size_t most, const Check& check, const Refuse& refuse);
  /// These rows have passed the embedding stage and wait to be sent.
  void embedded(Rows rows);
  /// These rows are neither busy nor in the stage any more; they have an outcome.
  void release(const Rows& rows);
  /// Everything that waits.
  [[nodiscard]] Rows drain();

  [[nodiscard]] std::size_t ready() const noexcept { return ready_.size(); }
  [[nodiscard]] std::size_t ready_memory() const noexcept { return ready_memory_; }
  [[nodiscard]] std::size_t to_embed() const noexcept { return to_embed_.size(); }
  [[nodiscard]] const Row* oldest_ready() const noexcept {
    return ready_.empty() ? nullptr : &ready_.front();
  }
  [[nodiscard]] const Row* oldest_to_embed() const noexcept {
    return to_embed_.empty() ? nullptr : &to_embed_.front();
  }

 private:
  /// Where the rows of an id are. In one table without nodes, because each row needs it several times, when
  /// the processor's cache does not hold it any more.
  struct Place {
    Row* waiting = nullptr;  // KeepLast: the last one that waits, with which a later one may be joined.
    std::uint32_t busy = 0;  // How many are in requests.
  };
  using Places = boost::unordered_flat_map<std::uint64_t, Place>;

  void count(Row& row);
  void discount(Row& row) noexcept;
  bool join(Row& earlier, Row& later);
  [[nodiscard]] bool may_join(const Row& earlier, const Row& later) const;
  [[nodiscard]] bool may_go(const Row& row) const;
  void forget(const Row& row);
  void erase_if_unused(Places::iterator place);
  void release(std::uint64_t hash);
  void leave_stage(const Row& row);
  void leave_stage(Rows& rows);
  void let_next_go(std::uint64_t hash);
  bool passes(Rows& list, Rows::iterator row, const Check& check, const Refuse& refuse);

  BulkOperation operation_;
  SameId same_id_;
  bool sparse_;
  std::function<bool()> has_function_;
  Rows ready_;     // In order of the sequence.
  Rows to_embed_;  // Likewise.
  std::unordered_map<std::uint64_t, Rows> held_;
  Places places_;                                                        // By the hash of the id.
  std::unordered_map<std::uint64_t, std::set<std::uint64_t>> in_stage_;  // The sequences of an id's rows.
  std::unordered_set<std::string> open_;                                 // Reject.
  std::size_t ready_memory_ = 0;
  core::Buffer scratch_;
};

}  // namespace chroma::bulk
