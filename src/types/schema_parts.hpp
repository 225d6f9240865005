#pragma once

#include "types/reserved_keys.hpp"

#include <chroma/schema.hpp>

#include <string>

namespace chroma::detail {

/// Calls `visit(name, index)` for every index of the value types, an `std::optional<Index<Config>>` each.
template <class Types, class Visit>
void for_each_index(Types& types, Visit visit) {
  if (types.string) {
    visit("fts", types.string->fts_index);
    visit("string", types.string->string_inverted_index);
  }
  if (types.float_list) visit("vector", types.float_list->vector_index);
  if (types.sparse_vector) visit("sparse vector", types.sparse_vector->sparse_vector_index);
  if (types.int_) visit("int", types.int_->int_inverted_index);
  if (types.float_) visit("float", types.float_->float_inverted_index);
  if (types.bool_) visit("bool", types.bool_->bool_inverted_index);
}

[[nodiscard]] inline bool has_enabled_sparse_index(const ValueTypes& types) {
  return types.sparse_vector && types.sparse_vector->sparse_vector_index &&
         types.sparse_vector->sparse_vector_index->enabled;
}

/// For example "string, int".
[[nodiscard]] inline std::string enabled_indexes(const ValueTypes& types) {
  std::string names;
  for_each_index(types, [&](const char* name, const auto& index) {
    if (!index || !index->enabled) return;
    if (!names.empty()) names += ", ";
    names += name;
  });
  return names;
}

}  // namespace chroma::detail
