#pragma once

#include "codec/codec.hpp"

#include <chroma/schema.hpp>

/// Schemas and what they are made of. Keys that are not known are kept and written back.
namespace chroma::codec {

void read(JsonReader& in, Schema& schema);
void write(JsonWriter& out, const Schema& schema);
void read(JsonReader& in, ValueTypes& types);
void write(JsonWriter& out, const ValueTypes& types);
void read(JsonReader& in, Cmek& cmek);
void write(JsonWriter& out, const Cmek& cmek);

}  // namespace chroma::codec
