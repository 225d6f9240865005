#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/schema.hpp>

namespace chroma {

void read(json::Reader& in, Schema& schema);
void write(json::Writer& out, const Schema& schema);
void read(json::Reader& in, Cmek& cmek);
void write(json::Writer& out, const Cmek& cmek);

}  // namespace chroma
