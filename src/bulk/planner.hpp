#pragma once

#include "bulk/row.hpp"

#include <chroma/bulk.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace chroma::bulk {

/// What one request may hold.
struct BatchLimits {
  std::size_t rows = 1;
  std::size_t bytes = 0;
};

/// The size of a request's body, to the byte, as rows are put in.
class BatchSize {
 public:
  explicit BatchSize(BulkOperation operation) noexcept : operation_(operation) {}

  void add(const RowSizes& row) noexcept;
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t bytes() const noexcept;
  /// True if the row may come in: the batch is empty, or it stays within the limits.
  [[nodiscard]] bool fits(const RowSizes& row, const BatchLimits& limits) const noexcept;

 private:
  struct Column {
    std::size_t bytes = 0;
    std::size_t present = 0;
  };
  void add(Column& column, std::size_t bytes) noexcept;
  [[nodiscard]] std::size_t bytes(const Column& column) const noexcept;

  BulkOperation operation_;
  std::size_t rows_ = 0;
  std::size_t id_bytes_ = 0;
  Column embeddings_, documents_, uris_, metadatas_;
};

/// Divides rows into batches, in order: how many rows each has. Every batch is as long as the limits allow;
/// one that is over the limit of bytes has a single row.
[[nodiscard]] std::vector<std::size_t> plan(std::span<const RowSizes> rows, const BatchLimits& limits,
                                            BulkOperation operation);

}  // namespace chroma::bulk
