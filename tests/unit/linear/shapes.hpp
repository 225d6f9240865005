#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace linear {

/// A run of equal items, separated by commas. In each item '#' stands for the item's number, so that keys
/// differ.
struct Run {
  std::string_view before;
  std::string_view item;
};

/// A text that grows without changing its form: each of its runs gets the same share of the bytes.
struct Shape {
  std::string_view name;
  std::vector<Run> runs;
  std::string_view end;

  /// About `bytes` long.
  [[nodiscard]] std::string text(std::size_t bytes) const;
};

/// Forms of a response that cost more than their length if something is reserved, filled or read again for
/// each of many small parts.
[[nodiscard]] std::vector<Shape> get_shapes();
[[nodiscard]] std::vector<Shape> query_shapes();
[[nodiscard]] std::vector<Shape> search_shapes();
[[nodiscard]] std::vector<Shape> collection_shapes();
[[nodiscard]] std::vector<Shape> collection_list_shapes();
[[nodiscard]] std::vector<Shape> database_shapes();
[[nodiscard]] std::vector<Shape> identity_shapes();
[[nodiscard]] std::vector<Shape> error_shapes();
/// Texts that no response has use for.
[[nodiscard]] std::vector<Shape> unknown_shapes();

}  // namespace linear
