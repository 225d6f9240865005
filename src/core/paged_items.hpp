#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

namespace chroma::core {

/// Ends a list that is requested page by page, by offset, until a page is empty, with an error if no page
/// will ever be empty, because the server ignores the offset or a gateway repeats one response.
class RepeatedPages {
 public:
  /// @param operation for the error, for example "collection_get"; a literal
  explicit RepeatedPages(std::string_view operation) noexcept : operation_(operation) {}

  /// To be called after each page that is not empty.
  /// @throws ChromaHttpClientError with SerdeError after the third page in a row without a new item. One such
  /// page alone may be correct: what others create or delete meanwhile moves the rest of the list.
  void end_page(bool has_new_item);

 private:
  std::string_view operation_;
  std::size_t in_a_row_ = 0;
};

/// The items of such a list: tells which are new.
class PagedItems {
 public:
  explicit PagedItems(std::string_view operation) noexcept : operation_(operation), repeated_(operation) {}

  /// True if there was no item with this id before.
  bool add(const std::string& id);
  /// An item whose id cannot be read.
  /// @param digest of its text
  void add_unreadable(std::size_t digest);
  /// To be called after the items of each page that is not empty. @throws as `RepeatedPages::end_page`
  void end_page();
  void clear() { *this = PagedItems(operation_); }

 private:
  std::string_view operation_;
  RepeatedPages repeated_;
  std::unordered_set<std::string> ids_;
  std::unordered_set<std::size_t> unreadable_;
  bool has_new_ = false;  // In the current page.
};

}  // namespace chroma::core
