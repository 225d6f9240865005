#pragma once

#include <chroma/embed/bm25.hpp>
#include <chroma/index_config.hpp>

namespace chroma::embed::bm25 {

/// The options as a collection keeps them: the members of the Python client's configuration. Stop words are
/// left out if they are the default.
[[nodiscard]] EmbeddingFunctionConfiguration write_configuration(const BM25Options& options);

/// The options that a collection keeps. Members that are absent or null have the Python client's defaults,
/// members of other names are ignored; `avg_len` is another name of `avg_doc_length`, which the Go client
/// writes.
/// @throws ChromaHttpClientError of kind SerdeError if a member is of another type
[[nodiscard]] BM25Options read_configuration(const EmbeddingFunctionConfiguration& configuration);

}  // namespace chroma::embed::bm25
