#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/include_list.hpp>

namespace chroma {

/// Reading an unknown name is an error.
void read(json::Reader& in, Include& column);
void write(json::Writer& out, Include column);
void read(json::Reader& in, IncludeList& list);
/// Writes each column once.
void write(json::Writer& out, const IncludeList& list);

}  // namespace chroma
