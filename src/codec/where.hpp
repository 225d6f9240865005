#pragma once

#include "codec/codec.hpp"

#include <chroma/where.hpp>

/// Filters as requests carry them.
namespace chroma::codec {

/// As deep as the tree is: no recursion.
void write(JsonWriter& out, const Where& where);
/// A clause by the server's grammar, or null. @throws ChromaHttpClientError of kind InvalidWhere
void read(JsonReader& in, std::optional<Where>& where);

}  // namespace chroma::codec
