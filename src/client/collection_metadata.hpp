#pragma once

#include <chroma/error.hpp>
#include <chroma/metadata.hpp>

#include <optional>
#include <string>

namespace chroma::detail {

/// The key of the first array or sparse vector in the metadata of a collection, which servers do not support
/// there; nothing if there is none.
[[nodiscard]] std::optional<std::string> unsupported_key(const std::optional<Metadata>& metadata);

/// Replaces the error of a request that sent such metadata and got no response: a single-node server closes
/// the connection on it, and would do so at every repetition. Other errors are returned as they are.
/// @param key see `unsupported_key`
/// @param field the argument that held the metadata
[[nodiscard]] ChromaHttpClientError explain_lost_response(const ChromaHttpClientError& error,
                                                          const std::optional<std::string>& key,
                                                          const std::string& field);

}  // namespace chroma::detail
