#pragma once

#include "client/call.hpp"
#include "client/collection_cell.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace chroma::detail {

/// A call on a collection: the call, and the cell that it shares with the handle.
struct CollectionCall {
  using Source = std::shared_ptr<CollectionCell>;

  /// @throws ChromaHttpClientError with ValidationError for the cell of an empty handle
  CollectionCall(Operation operation, Source shared)
      : cell(std::move(shared)), call(operation, require(cell).client) {}

  /// "/tenants/{T}/databases/{D}/collections/{C}/suffix", all from what the server sent, not from the client.
  [[nodiscard]] std::string path(std::string_view suffix) const {
    const auto& model = cell->model;
    auto path = "/tenants" + segment("tenant", model.tenant) + "/databases" +
                segment("database", model.database) + "/collections" + segment("id", model.id);
    if (!suffix.empty()) path.append("/").append(suffix);
    return path;
  }

  Source cell;
  Call call;

 private:
  static const CollectionCell& require(const Source& cell) {
    if (cell) return *cell;
    throw ChromaHttpClientError(ValidationError{
        "the handle is empty; get one from create_collection or get_collection", "collection"});
  }
};

}  // namespace chroma::detail
