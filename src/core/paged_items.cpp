#include "core/paged_items.hpp"

#include <chroma/error.hpp>

#include <utility>

namespace chroma::core {
namespace {

constexpr std::size_t most_in_a_row = 2;

}  // namespace

void RepeatedPages::end_page(bool has_new_item) {
  in_a_row_ = has_new_item ? 0 : in_a_row_ + 1;
  if (in_a_row_ <= most_in_a_row) return;
  SerdeError repeated;
  repeated.message =
      "expected the next page of the list, found items of the pages before: the server ignores the offset of "
      "the request; is the endpoint a Chroma server, or does a gateway respond in its place?";
  throw ChromaHttpClientError(std::move(repeated), std::string(operation_));
}

bool PagedItems::add(const std::string& id) {
  const bool is_new = ids_.insert(id).second;
  has_new_ = has_new_ || is_new;
  return is_new;
}

void PagedItems::add_unreadable(std::size_t digest) {
  const bool is_new = unreadable_.insert(digest).second;
  has_new_ = has_new_ || is_new;
}

void PagedItems::end_page() {
  repeated_.end_page(std::exchange(has_new_, false));
}

}  // namespace chroma::core
