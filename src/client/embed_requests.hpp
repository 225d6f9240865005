#pragma once

#include "client/collection_call.hpp"

#include <chroma/requests.hpp>
#include <chroma/search.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>
#include <vector>

/// Fills in the vectors of a request that are to be made from its texts. Requests have been validated before.
namespace chroma::detail {

/// A request whose vectors are filled in.
template <class Request>
struct EmbeddedRequest {
  Request request;
  bool called_function = false;  ///< Whether an embedding function has made any of the vectors.
};

/// For an add or upsert without embeddings, makes them from the documents. For an update without embeddings,
/// makes those of the records whose documents it changes, if the collection has a function. For each metadata
/// key whose index of sparse vectors has a function and a source, makes the vectors of the records that lack
/// the key and have a text in the source.
/// @throws ChromaHttpClientError of kind MissingEmbeddingFunction if an add or upsert needs a function and
/// the collection has none; of kind EmbeddingFunctionError if a function cannot be built or fails, with the
/// index of the record
template <class Request>
[[nodiscard]] asio::awaitable<EmbeddedRequest<Request>> embed_records(CollectionCall call, Request request);

/// Replaces the texts of a query by their embeddings.
[[nodiscard]] asio::awaitable<QueryRequest> embed_query_texts(CollectionCall call, QueryRequest request);

/// Replaces each text of a `Knn` by its vector. Each function is called once, with all texts of all searches
/// that it is to embed.
[[nodiscard]] asio::awaitable<SearchRequest> embed_search_texts(CollectionCall call, SearchRequest request);

/// The dense function of the collection.
/// @throws ChromaHttpClientError of kind MissingEmbeddingFunction if there is none; of kind
/// EmbeddingFunctionError if it cannot be built
[[nodiscard]] DenseFunction require_dense(const CollectionCell& cell);

/// The function of a sparse index. @throws ChromaHttpClientError of kind EmbeddingFunctionError that names
/// the key if it cannot be built
[[nodiscard]] SparseFunction require_sparse(const CollectionCell& cell, const SparseField& field);

/// An error of an embedding function whose texts were those of some places of a longer list: the same error
/// with the index in that list. Other errors are returned unchanged.
/// @param places the index in that list of each text of the function
[[nodiscard]] ChromaHttpClientError error_at_places(const ChromaHttpClientError& error,
                                                    const std::vector<std::size_t>& places);

}  // namespace chroma::detail
