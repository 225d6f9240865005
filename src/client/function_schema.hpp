#pragma once

#include "codec/collection.hpp"

#include <chroma/collection_model.hpp>
#include <chroma/embedding_function.hpp>
#include <chroma/schema.hpp>

#include <optional>

namespace chroma::detail {

/// Records the configuration of an embedding function in the schema of a collection that is to be created; a
/// function without a configuration is recorded as `Legacy`, as the Python client does. The server does not
/// derive the distance from the function, so the default distance of the function is set as well, unless the
/// schema has one.
void record_function(std::optional<Schema>& schema, const embed::DenseEmbeddingFunction& function);

/// Adds a configuration with the function to the request if the schema has the function "default". The server
/// counts it as no function when it compares the schema with its own default, and it does not store a schema
/// that is equal to the default.
void keep_default_function(codec::CreateCollectionBody& body);

/// Refuses a function for a collection that exists and has the embeddings of another one. As in the Python
/// client, functions are compared by name.
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
void require_same_function(const Collection& model, const embed::DenseEmbeddingFunction& function);

}  // namespace chroma::detail
