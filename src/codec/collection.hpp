#pragma once

#include "codec/codec.hpp"

#include <chroma/collection_model.hpp>
#include <chroma/metadata.hpp>
#include <chroma/schema.hpp>

#include <optional>
#include <string>
#include <vector>

/// Bodies about collections that no public type stands for.
namespace chroma::codec {

struct CreateCollectionBody {
  bool get_or_create = false;
  std::optional<Metadata> metadata;
  std::string name;
  std::optional<Schema> schema;
};

struct ModifyCollectionBody {
  std::optional<Metadata> new_metadata;
  std::optional<std::string> new_name;
};

struct ForkBody {
  std::string new_name;
};

/// A response with a list of collections. Its items are read one by one, so that one that cannot be read does
/// not hide the others.
struct CollectionList {
  std::vector<Collection> collections;
  /// Place and fault of the items that could not be read, at most 101 lines.
  std::vector<std::string> unreadable;
};

}  // namespace chroma::codec
