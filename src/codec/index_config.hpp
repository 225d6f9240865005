#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/index_config.hpp>

namespace chroma {

void read(json::Reader& in, EmbeddingFunctionConfiguration& function);
void write(json::Writer& out, const EmbeddingFunctionConfiguration& function);
void read(json::Reader& in, Space& space);
void write(json::Writer& out, Space space);
void read(json::Reader& in, SpannIndexConfig& config);
void write(json::Writer& out, const SpannIndexConfig& config);

}  // namespace chroma
