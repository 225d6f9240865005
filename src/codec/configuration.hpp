#pragma once

#include "codec/codec.hpp"

#include <chroma/configuration.hpp>

/// Configurations of collections: members without a value are null. Keys that are not known are kept.
namespace chroma::codec {

void read(JsonReader& in, HnswConfiguration& configuration);
void write(JsonWriter& out, const HnswConfiguration& configuration);
void read(JsonReader& in, SpannConfiguration& configuration);
void write(JsonWriter& out, const SpannConfiguration& configuration);
/// Without either kind of index it is HNSW with all defaults.
void read(JsonReader& in, CollectionConfiguration& configuration);
void write(JsonWriter& out, const CollectionConfiguration& configuration);
void read(JsonReader& in, UpdateHnswConfiguration& configuration);
void write(JsonWriter& out, const UpdateHnswConfiguration& configuration);
void read(JsonReader& in, UpdateSpannConfiguration& configuration);
void write(JsonWriter& out, const UpdateSpannConfiguration& configuration);
void read(JsonReader& in, UpdateCollectionConfiguration& configuration);
void write(JsonWriter& out, const UpdateCollectionConfiguration& configuration);

}  // namespace chroma::codec
