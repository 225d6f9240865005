#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/rank.hpp>

namespace chroma {

/// Reading is recursive, to the depth that the reader accepts. Writing is not recursive.
void read(json::Reader& in, RankExpr& rank);
void write(json::Writer& out, const RankExpr& rank);

}  // namespace chroma
