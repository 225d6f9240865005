#pragma once

#include "bulk/row.hpp"

#include <chroma/bulk.hpp>
#include <chroma/error.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace chroma::bulk {

/// Why the embedding function of a collection cannot be used; nothing if it can.
using FindFunctionFault = std::function<std::optional<ChromaHttpClientError>()>;

struct RowFault {
  const char* field;
  std::string message;
};

/// What every row is checked for before it is embedded, and before it is sent. The first embedding decides
/// the dimension unless the collection has one. The request checks the rest when it is sent.
class RowCheck {
 public:
  /// @param find_function_fault called when the first row needs the function, because the call may build it
  RowCheck(BulkOperation operation, bool enabled, FindFunctionFault find_function_fault)
      : operation_(operation), enabled_(enabled), find_function_fault_(std::move(find_function_fault)) {}

  /// @param cloud whether the quotas of Chroma Cloud hold
  void start(std::optional<std::size_t> dimension, bool cloud);
  /// A `ValidationError` that names position and field, or nothing.
  [[nodiscard]] std::optional<ChromaHttpClientError> operator()(const Row& row);
  [[nodiscard]] std::optional<std::size_t> dimension() const noexcept { return dimension_; }
  /// Why the embedding function of the collection cannot be used; nothing if it can.
  const std::optional<ChromaHttpClientError>& function_fault();

 private:
  std::optional<RowFault> missing_embedding(const Row& row);
  std::optional<RowFault> content_fault(const Row& row);
  std::optional<RowFault> fault(const Row& row);

  BulkOperation operation_;
  bool enabled_;
  FindFunctionFault find_function_fault_;
  std::optional<std::optional<ChromaHttpClientError>> function_fault_;  // Unset before it was asked for.
  bool cloud_ = false;
  std::optional<std::size_t> dimension_;
};

}  // namespace chroma::bulk
