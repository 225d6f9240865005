#pragma once

#include "client/call.hpp"
#include "client/collection_cell.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace chroma::detail {

/// @throws ChromaHttpClientError with ValidationError for the cell of an empty handle
[[nodiscard]] inline CollectionCell& require_cell(const std::shared_ptr<CollectionCell>& cell) {
  if (cell) return *cell;
  throw ChromaHttpClientError(
      ValidationError{"the handle is empty; get one from create_collection or get_collection", "collection"});
}

/// A call on a collection, and the cell that it shares with the handle.
struct CollectionCall {
  using Source = std::shared_ptr<CollectionCell>;

  /// @throws ChromaHttpClientError with ValidationError for the cell of an empty handle
  CollectionCall(Operation operation, Source shared)
      : cell(std::move(shared)), call(operation, require_cell(cell).client) {}

  /// The path "/tenants/{T}/databases/{D}/collections/{C}" with the suffix appended. The tenant and the
  /// database are those that the server sent with the collection, not those of the client.
  /// @param suffix begins with '/' or is empty
  [[nodiscard]] Path path(std::string_view suffix) const {
    const auto& model = cell->model;
    Path path("/tenants");
    path.name("tenant", model.tenant).fixed("/databases").name("database", model.database);
    path.fixed("/collections").name("id", model.id).fixed(suffix);
    return path;
  }

  Source cell;
  Call call;
};

}  // namespace chroma::detail
