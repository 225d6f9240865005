#pragma once

#include "bulk/row.hpp"

#include <chroma/bulk.hpp>
#include <chroma/error.hpp>

#include <cstddef>
#include <optional>

namespace chroma::bulk {

/// What every row is checked for before it is sent. The first embedding decides the dimension unless the
/// collection has one. The request checks the rest when it is sent.
class RowCheck {
 public:
  RowCheck(BulkOperation operation, bool enabled) : operation_(operation), enabled_(enabled) {}

  /// @param cloud whether the quotas of Chroma Cloud hold
  void start(std::optional<std::size_t> dimension, bool cloud);
  /// A `ValidationError` that names position and field, or nothing.
  [[nodiscard]] std::optional<ChromaHttpClientError> operator()(const Row& row);

 private:
  BulkOperation operation_;
  bool enabled_;
  bool cloud_ = false;
  std::optional<std::size_t> dimension_;
};

}  // namespace chroma::bulk
