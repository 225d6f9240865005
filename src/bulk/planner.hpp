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

/// Computes the exact size of a request's body while rows are added.
class BatchSize {
 public:
  explicit BatchSize(BulkOperation operation) noexcept : operation_(operation) {}

  void add(const RowSizes& row) noexcept;
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t bytes() const noexcept;
  /// True if the row may be added: the batch is empty, or it remains within the limits.
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

/// Divides rows into batches in their order, and returns the number of rows of each. Every batch is as long
/// as the limits allow. A batch above the limit of bytes has a single row.
[[nodiscard]] std::vector<std::size_t> plan(std::span<const RowSizes> rows, const BatchLimits& limits,
                                            BulkOperation operation);

}  // namespace chroma::bulk
