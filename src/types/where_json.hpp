#pragma once

#include "json/values.hpp"

#include <chroma/where.hpp>

/// Filters as JSON.
namespace chroma {

/// Does not recurse, so that a deep filter does not overflow the stack.
void write(json::Writer& out, const Where& where);
/// Reads a clause by the grammar of the server, or null. @throws ChromaHttpClientError of kind InvalidWhere
void read(json::Reader& in, std::optional<Where>& where);

namespace detail {
/// What `Where::parse` does not accept about a filter, for example `"$gte" requires a number, at
/// /year/$gte`; empty if it accepts it.
[[nodiscard]] std::string where_fault(const Where& where);
}  // namespace detail

}  // namespace chroma
