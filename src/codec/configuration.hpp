#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/configuration.hpp>

namespace chroma {

/// Without either kind of index it is HNSW with all defaults.
void read(json::Reader& in, CollectionConfiguration& configuration);
void write(json::Writer& out, const CollectionConfiguration& configuration);

}  // namespace chroma
