#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/configuration.hpp>

namespace chroma {

/// A configuration without an index is read as HNSW with the default of every setting.
void read(json::Reader& in, CollectionConfiguration& configuration);
void write(json::Writer& out, const CollectionConfiguration& configuration);

}  // namespace chroma
