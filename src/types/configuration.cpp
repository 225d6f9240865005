#include "types/index_defaults.hpp"

#include <chroma/configuration.hpp>

namespace chroma {

CollectionConfiguration CollectionConfiguration::default_hnsw() {
  CollectionConfiguration result;
  result.hnsw = detail::default_hnsw<HnswConfiguration>();
  result.hnsw->space = Space::L2;
  return result;
}

}  // namespace chroma
