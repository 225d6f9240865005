#include "bulk/planner.hpp"

#include <string_view>

namespace chroma::bulk {
namespace {

constexpr std::size_t null_bytes = 4;
constexpr std::string_view record_frame = R"({"ids":,"embeddings":,"documents":,"uris":,"metadatas":})";
constexpr std::string_view delete_frame = R"({"ids":,"limit":null,"where":null,"where_document":null})";

}  // namespace

void BatchSize::add(Column& column, std::size_t bytes) noexcept {
  if (bytes == 0) return;
  column.bytes += bytes;
  ++column.present;
}

void BatchSize::add(const RowSizes& row) noexcept {
  ++rows_;
  id_bytes_ += row.id;
  add(embeddings_, row.embedding);
  add(documents_, row.document);
  add(uris_, row.uri);
  add(metadatas_, row.metadata);
}

std::size_t BatchSize::bytes(const Column& column) const noexcept {
  if (column.present == 0) return null_bytes;
  const std::size_t brackets_and_commas = rows_ + 1;
  return brackets_and_commas + column.bytes + (rows_ - column.present) * null_bytes;
}

std::size_t BatchSize::bytes() const noexcept {
  const std::size_t ids = rows_ == 0 ? 2 : rows_ + 1 + id_bytes_;
  if (operation_ == BulkOperation::Delete) return delete_frame.size() + ids;
  return record_frame.size() + ids + bytes(embeddings_) + bytes(documents_) + bytes(uris_) +
         bytes(metadatas_);
}

bool BatchSize::fits(const RowSizes& row, const BatchLimits& limits) const noexcept {
  if (rows_ == 0) return true;
  if (rows_ >= limits.rows) return false;
  BatchSize larger = *this;
  larger.add(row);
  return larger.bytes() <= limits.bytes;
}

std::vector<std::size_t> plan(std::span<const RowSizes> rows, const BatchLimits& limits,
                              BulkOperation operation) {
  std::vector<std::size_t> batches;
  BatchSize size(operation);
  for (const RowSizes& row : rows) {
    if (!size.fits(row, limits)) {
      batches.push_back(size.rows());
      size = BatchSize(operation);
    }
    size.add(row);
  }
  if (size.rows() > 0) batches.push_back(size.rows());
  return batches;
}

}  // namespace chroma::bulk
