#pragma once

#include "json/values.hpp"

#include <chroma/metadata.hpp>
#include <chroma/sparse_vector.hpp>

/// Metadata and sparse vectors. Integers and floats remain distinct in both directions.
namespace chroma {

/// Reading does not check the lengths and the order of the indices. It fails if the member `#type` is present
/// and is not "sparse_vector".
void read(json::Reader& in, SparseVector& vector);
void write(json::Writer& out, const SparseVector& vector);

/// An integer that does not fit into int64 is read as a float, an array of integers and floats as an array of
/// floats, and `[]` as an array of bool.
void read(json::Reader& in, MetadataValue& value);
void write(json::Writer& out, const MetadataValue& value);
/// As for `MetadataValue`; null means that the key is deleted.
void read(json::Reader& in, UpdateMetadataValue& value);
void write(json::Writer& out, const UpdateMetadataValue& value);

}  // namespace chroma
