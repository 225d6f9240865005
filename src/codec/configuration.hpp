#pragma once

#include "codec/codec.hpp"

#include <chroma/configuration.hpp>

/// Configurations of collections: members without a value are null. Keys that are not known are kept.
namespace chroma {

void read(json::Reader& in, HnswConfiguration& configuration);
void write(json::Writer& out, const HnswConfiguration& configuration);
void read(json::Reader& in, SpannConfiguration& configuration);
void write(json::Writer& out, const SpannConfiguration& configuration);
/// Without either kind of index it is HNSW with all defaults.
void read(json::Reader& in, CollectionConfiguration& configuration);
void write(json::Writer& out, const CollectionConfiguration& configuration);
void read(json::Reader& in, UpdateHnswConfiguration& configuration);
void write(json::Writer& out, const UpdateHnswConfiguration& configuration);
void read(json::Reader& in, UpdateSpannConfiguration& configuration);
void write(json::Writer& out, const UpdateSpannConfiguration& configuration);
void read(json::Reader& in, UpdateCollectionConfiguration& configuration);
void write(json::Writer& out, const UpdateCollectionConfiguration& configuration);

}  // namespace chroma
