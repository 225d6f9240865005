#pragma once

#include <chroma/error.hpp>
#include <chroma/metadata.hpp>

#include <optional>
#include <string>

namespace chroma::detail {

/// Servers do not support arrays and sparse vectors in the metadata of a collection. Returns the key of the
/// first such value, or nothing.
[[nodiscard]] std::optional<std::string> unsupported_key(const std::optional<Metadata>& metadata);

/// A single-node server closes the connection without a response when it receives such metadata. If `error`
/// is the error of that case, returns one that explains it; otherwise returns `error`.
/// @param key see `unsupported_key`
/// @param field the argument that held the metadata
[[nodiscard]] ChromaHttpClientError explain_lost_response(const ChromaHttpClientError& error,
                                                          const std::optional<std::string>& key,
                                                          const std::string& field);

}  // namespace chroma::detail
