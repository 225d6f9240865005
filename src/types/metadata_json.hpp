#pragma once

#include "json/values.hpp"

#include <chroma/metadata.hpp>
#include <chroma/sparse_vector.hpp>

/// Metadata and sparse vectors. Integers and floats stay apart both ways.
namespace chroma {

/// Lengths and order are not checked. Fails unless `#type`, where there is one, is "sparse_vector".
void read(json::Reader& in, SparseVector& vector);
void write(json::Writer& out, const SparseVector& vector);

/// An integer beyond int64 reads as a float; arrays of integers and floats as floats; `[]` as an array of
/// bool.
void read(json::Reader& in, MetadataValue& value);
void write(json::Writer& out, const MetadataValue& value);
/// The same, and null.
void read(json::Reader& in, UpdateMetadataValue& value);
void write(json::Writer& out, const UpdateMetadataValue& value);

}  // namespace chroma
