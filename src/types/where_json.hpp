#pragma once

#include "json/values.hpp"

#include <chroma/where.hpp>

/// Filters as requests carry them.
namespace chroma {

/// As deep as the tree is: no recursion.
void write(json::Writer& out, const Where& where);
/// A clause by the server's grammar, or null. @throws ChromaHttpClientError of kind InvalidWhere
void read(json::Reader& in, std::optional<Where>& where);

}  // namespace chroma
