#pragma once

#include "core/buffer.hpp"

#include <chroma/bulk.hpp>
#include <chroma/write_requests.hpp>

#include <boost/container/small_vector.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace chroma::bulk {

using Clock = std::chrono::steady_clock;

/// Bytes of a row's parts in the body; 0 for a part that it does not have.
struct RowSizes {
  std::size_t id = 0;
  std::size_t embedding = 0;
  std::size_t document = 0;
  std::size_t uri = 0;
  std::size_t metadata = 0;
};

/// One call of `write` for one record.
struct Given {
  std::uint64_t sequence = 0;  ///< From 0, in the order in which records are given.
  std::uint64_t position = 0;
  std::uint64_t epoch = 0;  ///< How many flushes came before.
};

/// A record until its outcome: a `BulkRecord`, or a row of a block of columns that is shared with others.
class Row {
 public:
  explicit Row(BulkRecord record);
  Row(std::shared_ptr<const UpsertRequest> block, std::size_t index);

  [[nodiscard]] const std::string& id() const noexcept;
  [[nodiscard]] std::optional<std::span<const float>> embedding() const noexcept;
  [[nodiscard]] const std::string* document() const noexcept;
  [[nodiscard]] const std::string* uri() const noexcept;
  [[nodiscard]] const UpdateMetadata* metadata() const noexcept;

  /// Adds the fields of a later record of the same id, and its `given`. With `merge`, fields and metadata
  /// keys that the later record does not have are kept.
  void join(Row later, bool merge);
  /// Replaces its embedding.
  void set_embedding(std::optional<std::vector<float>> values);
  void set_metadata(UpdateMetadata metadata);
  /// The record as a user gave it, with what was made for it, by move: the row must not be used afterwards.
  [[nodiscard]] BulkRecord take_record();

  /// An estimate of the memory that it takes.
  [[nodiscard]] std::size_t memory() const noexcept;
  /// As the encoder writes it; computed once.
  const RowSizes& sizes(bool base64, core::Buffer& scratch);

  /// At least one; in rising order. More if records were joined.
  boost::container::small_vector<Given, 1> given;
  std::uint64_t hash = 0;  ///< Of the id.
  Clock::time_point arrival{};
  bool checked = false;
  bool in_stage = false;            ///< It waits to be embedded or is being embedded.
  bool embedded = false;            ///< It has passed the embedding stage.
  std::size_t buffered_memory = 0;  ///< As counted by the engine, until the outcome.
  std::size_t counted_memory = 0;   ///< As counted by the buffer, while it may be sent.

 private:
  struct BlockRow {
    std::shared_ptr<const UpsertRequest> request;
    std::size_t index;
  };
  /// The block and the place in it; nullptr for a record of its own.
  [[nodiscard]] const UpsertRequest* block() const noexcept;
  [[nodiscard]] std::size_t index() const noexcept;
  BulkRecord& own();

  std::variant<BulkRecord, BlockRow> data_;
  std::optional<RowSizes> sizes_;
};

/// A row remains in one node from its arrival to its outcome.
using Rows = std::list<Row>;

/// Moves the first rows, at most `count`, to a new list.
[[nodiscard]] Rows take_first(Rows& rows, std::size_t count);

}  // namespace chroma::bulk
