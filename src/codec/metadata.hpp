#pragma once

#include "codec/codec.hpp"

#include <chroma/metadata.hpp>
#include <chroma/sparse_vector.hpp>

/// Metadata and sparse vectors. Integers and floats stay apart both ways.
namespace chroma::codec {

/// Lengths and order are not checked. Fails unless `#type`, where there is one, is "sparse_vector".
void read(JsonReader& in, SparseVector& vector);
void write(JsonWriter& out, const SparseVector& vector);

/// An integer beyond int64 reads as a float; arrays of integers and floats as floats; `[]` as an array of
/// bool.
void read(JsonReader& in, MetadataValue& value);
void write(JsonWriter& out, const MetadataValue& value);
/// The same, and null.
void read(JsonReader& in, UpdateMetadataValue& value);
void write(JsonWriter& out, const UpdateMetadataValue& value);

void read(JsonReader& in, Metadata& metadata);
void write(JsonWriter& out, const Metadata& metadata);
void read(JsonReader& in, UpdateMetadata& metadata);
void write(JsonWriter& out, const UpdateMetadata& metadata);

}  // namespace chroma::codec
