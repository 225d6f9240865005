#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace linear {

/// A run of equal items, separated by commas. In each item '#' is replaced by the index of the item, so that
/// keys differ.
struct Run {
  std::string_view before;
  std::string_view item;
};

/// A text that grows without changing its form: each of its runs gets the same share of the bytes.
struct Shape {
  std::string_view name;
  std::vector<Run> runs;
  std::string_view end;

  /// A text of this form with a length of about `bytes`.
  [[nodiscard]] std::string text(std::size_t bytes) const;
};

/// Forms of responses for which the cost is not linear if memory is reserved or filled, or text is read
/// again, for each of many small parts.
[[nodiscard]] std::vector<Shape> get_shapes();
[[nodiscard]] std::vector<Shape> query_shapes();
[[nodiscard]] std::vector<Shape> search_shapes();
[[nodiscard]] std::vector<Shape> collection_shapes();
[[nodiscard]] std::vector<Shape> collection_list_shapes();
[[nodiscard]] std::vector<Shape> database_shapes();
[[nodiscard]] std::vector<Shape> identity_shapes();
[[nodiscard]] std::vector<Shape> error_shapes();
/// Texts that are not valid responses.
[[nodiscard]] std::vector<Shape> unknown_shapes();

}  // namespace linear
