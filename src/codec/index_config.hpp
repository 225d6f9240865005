#pragma once

#include "codec/codec.hpp"

#include <chroma/index_config.hpp>

/// Settings of indexes: members without a value are dropped.
namespace chroma::codec {

void read(JsonReader& in, EmbeddingFunctionConfiguration& function);
void write(JsonWriter& out, const EmbeddingFunctionConfiguration& function);
void read(JsonReader& in, Space& space);
void write(JsonWriter& out, Space space);

void read(JsonReader& in, VectorIndexConfig& config);
void write(JsonWriter& out, const VectorIndexConfig& config);
void read(JsonReader& in, HnswIndexConfig& config);
void write(JsonWriter& out, const HnswIndexConfig& config);
void read(JsonReader& in, SpannIndexConfig& config);
void write(JsonWriter& out, const SpannIndexConfig& config);
void read(JsonReader& in, SparseVectorIndexConfig& config);
void write(JsonWriter& out, const SparseVectorIndexConfig& config);
void read(JsonReader& in, FtsIndexConfig& config);
void write(JsonWriter& out, const FtsIndexConfig& config);
void read(JsonReader& in, StringInvertedIndexConfig& config);
void write(JsonWriter& out, const StringInvertedIndexConfig& config);
void read(JsonReader& in, IntInvertedIndexConfig& config);
void write(JsonWriter& out, const IntInvertedIndexConfig& config);
void read(JsonReader& in, FloatInvertedIndexConfig& config);
void write(JsonWriter& out, const FloatInvertedIndexConfig& config);
void read(JsonReader& in, BoolInvertedIndexConfig& config);
void write(JsonWriter& out, const BoolInvertedIndexConfig& config);

}  // namespace chroma::codec
