#pragma once

#include "codec/codec.hpp"

#include <chroma/collection_model.hpp>
#include <chroma/metadata.hpp>
#include <chroma/schema.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Responses that describe collections, and bodies that create and change them.
namespace chroma {

/// Unknown keys are skipped; the id must be a UUID.
void read(json::Reader& in, Collection& collection);
void write(json::Writer& out, const Collection& collection);

namespace codec {

/// A list whose items are read independently, so that one invalid item does not make the others unreadable.
struct CollectionList {
  std::vector<Collection> collections;
  std::vector<std::string>
      unreadable;  ///< Location and error of the items that could not be read, at most 101 lines.
};

void read(json::Reader& in, CollectionList& list);

[[nodiscard]] core::Buffer encode_create_collection(std::string_view name,
                                                    const std::optional<Schema>& schema,
                                                    const std::optional<Metadata>& metadata,
                                                    bool get_or_create);
[[nodiscard]] core::Buffer encode_modify_collection(const std::optional<std::string>& new_name,
                                                    const std::optional<Metadata>& new_metadata);
[[nodiscard]] core::Buffer encode_fork(std::string_view new_name);

}  // namespace codec

}  // namespace chroma
