#pragma once

#include "client/client_state.hpp"
#include "client/embedding_functions.hpp"

#include <chroma/collection.hpp>

#include <memory>
#include <string>
#include <utility>

namespace chroma::detail {

/// The state that a collection handle shares with its running calls.
struct CollectionCell {
  CollectionCell(std::shared_ptr<const ClientState> state, Collection collection,
                 const EmbeddingFunctions& embedding = {})
      : client(std::move(state)), model(std::move(collection)), functions(embedding) {}

  /// A handle for a collection that the server sent, with a copy of the client's state.
  static ChromaCollection handle(const ClientState& client, Collection model,
                                 const EmbeddingFunctions& functions = {}) {
    return ChromaCollection(std::make_shared<CollectionCell>(std::make_shared<const ClientState>(client),
                                                             std::move(model), functions));
  }

  std::shared_ptr<const ClientState> client;
  Collection model;
  EmbeddingFunctions functions;
};

}  // namespace chroma::detail
