#pragma once

#include "codec/codec.hpp"
#include "json/values.hpp"

#include <chroma/collection_model.hpp>
#include <chroma/metadata.hpp>
#include <chroma/schema.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// Bodies of requests and responses about collections that are not public types.
namespace chroma::codec {

struct CreateCollectionBody {
  bool get_or_create = false;
  std::optional<Metadata> metadata;
  std::string name;
  std::optional<Schema> schema;
  json::RawMembers unknown = {};  ///< Members that most requests do not have.
};

struct ModifyCollectionBody {
  std::optional<Metadata> new_metadata;
  std::optional<std::string> new_name;
};

struct ForkBody {
  std::string new_name;
};

/// A response with a list of collections. The items are decoded separately, so that an invalid item does not
/// prevent the others from being returned.
struct CollectionList {
  std::vector<Collection> collections;
  /// The index and the error of each item that could not be decoded; at most 101 lines.
  std::vector<std::string> unreadable;
  std::vector<std::size_t> unreadable_digests;  ///< Of the text of each item that could not be decoded.
};

}  // namespace chroma::codec
