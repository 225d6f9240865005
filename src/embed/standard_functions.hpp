#pragma once

#include <chroma/embedding_registry.hpp>

#include <map>
#include <string>

namespace chroma::embed {

/// The factories of the functions of the library chroma::chroma, by name.
[[nodiscard]] const std::map<std::string, Registry::DenseFactory>& standard_dense_functions();
[[nodiscard]] const std::map<std::string, Registry::SparseFactory>& standard_sparse_functions();

}  // namespace chroma::embed
