#pragma once

#include "client/client_state.hpp"

#include <chroma/collection.hpp>

#include <memory>
#include <string>
#include <utility>

namespace chroma::detail {

/// The state that a collection handle shares with its running calls.
struct CollectionCell {
  CollectionCell(std::shared_ptr<const ClientState> state, Collection collection)
      : client(std::move(state)), model(std::move(collection)) {}

  /// A handle for a collection that the server sent, with a copy of the client's state.
  static ChromaCollection handle(const ClientState& client, Collection model) {
    return ChromaCollection(
        std::make_shared<CollectionCell>(std::make_shared<const ClientState>(client), std::move(model)));
  }

  std::shared_ptr<const ClientState> client;
  Collection model;
};

}  // namespace chroma::detail
