#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/rank.hpp>

namespace chroma {

/// Reading recurses as deep as the reader allows; writing does not recurse.
void read(json::Reader& in, RankExpr& rank);
void write(json::Writer& out, const RankExpr& rank);

}  // namespace chroma
