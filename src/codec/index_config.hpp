#pragma once

#include "codec/codec.hpp"

#include <chroma/index_config.hpp>

/// Settings of indexes: members without a value are dropped.
namespace chroma {

void read(json::Reader& in, EmbeddingFunctionConfiguration& function);
void write(json::Writer& out, const EmbeddingFunctionConfiguration& function);
void read(json::Reader& in, Space& space);
void write(json::Writer& out, Space space);

void read(json::Reader& in, VectorIndexConfig& config);
void write(json::Writer& out, const VectorIndexConfig& config);
void read(json::Reader& in, HnswIndexConfig& config);
void write(json::Writer& out, const HnswIndexConfig& config);
void read(json::Reader& in, SpannIndexConfig& config);
void write(json::Writer& out, const SpannIndexConfig& config);
void read(json::Reader& in, SparseVectorIndexConfig& config);
void write(json::Writer& out, const SparseVectorIndexConfig& config);
void read(json::Reader& in, FtsIndexConfig& config);
void write(json::Writer& out, const FtsIndexConfig& config);
void read(json::Reader& in, StringInvertedIndexConfig& config);
void write(json::Writer& out, const StringInvertedIndexConfig& config);
void read(json::Reader& in, IntInvertedIndexConfig& config);
void write(json::Writer& out, const IntInvertedIndexConfig& config);
void read(json::Reader& in, FloatInvertedIndexConfig& config);
void write(json::Writer& out, const FloatInvertedIndexConfig& config);
void read(json::Reader& in, BoolInvertedIndexConfig& config);
void write(json::Writer& out, const BoolInvertedIndexConfig& config);

}  // namespace chroma
