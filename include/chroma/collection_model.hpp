#pragma once

/// @file
/// `Collection`: what a server tells of a collection.

#include <chroma/configuration.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>
#include <chroma/schema.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace chroma {

/// A collection as the server described it when it was fetched. `ChromaCollection` is the handle to work
/// with.
struct CHROMA_API Collection {
  std::string id;  ///< UUID.
  std::string name;
  CollectionConfiguration configuration;  ///< The wire's `configuration_json`.
  std::optional<Schema> schema;
  std::optional<Metadata> metadata;
  std::optional<std::int32_t> dimension;  ///< Of the embeddings; unset before the first record.
  std::string tenant;
  std::string database;
  std::int64_t log_position = 0;
  std::int32_t version = 0;

  friend bool operator==(const Collection&, const Collection&) = default;
  /// Name, id, tenant and database, on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Collection& collection);
};

}  // namespace chroma
