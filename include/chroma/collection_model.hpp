#pragma once

/// @file
/// `Collection`: the properties of a collection as a server reports them.

#include <chroma/configuration.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>
#include <chroma/schema.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace chroma {

/// The properties of a collection as the server reported them when it was fetched. `ChromaCollection` has the
/// operations.
struct CHROMA_API Collection {
  std::string id;  ///< UUID.
  std::string name;
  CollectionConfiguration configuration;  ///< The member `configuration_json` of the response.
  std::optional<Schema> schema;           ///< Unset if the server sent none.
  std::optional<Metadata> metadata;       ///< Unset if the collection has none.
  /// Number of components of the embeddings; unset if there is no record yet.
  std::optional<std::int32_t> dimension;
  std::string tenant;
  std::string database;
  std::int64_t log_position = 0;  ///< Position in the write-ahead log of the server.
  std::int32_t version = 0;       ///< Version of the collection, counted by the server.

  friend bool operator==(const Collection&, const Collection&) = default;
  /// Writes name, id, tenant and database on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Collection& collection);
};

}  // namespace chroma
