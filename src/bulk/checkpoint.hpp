#pragma once

#include "bulk/positions.hpp"

#include <chroma/bulk.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace chroma::bulk {

/// What a checkpoint belongs to.
struct CheckpointOwner {
  std::string collection_id;
  BulkOperation operation = BulkOperation::Upsert;
  std::string source;
};

/// The checkpoint as JSON text.
[[nodiscard]] std::string write_checkpoint(const CheckpointOwner& owner, const StoredPositions& stored);
/// @throws ChromaHttpClientError with a `ValidationError` (field "checkpoint") if the text is no checkpoint
///     or belongs to something else
[[nodiscard]] StoredPositions read_checkpoint(std::string_view text, const CheckpointOwner& owner);

/// The content of a file; nothing if there is none.
/// @throws ChromaHttpClientError with a `ValidationError` (field "checkpoint") if it cannot be read
[[nodiscard]] std::optional<std::string> read_file(const std::string& path);
/// Replaces the file atomically: writes a temporary file in the same folder, flushes it to the disk, and
/// renames it.
/// @throws std::system_error
void replace_file(const std::string& path, std::string_view content);

}  // namespace chroma::bulk
