#include "types/index_defaults.hpp"
#include "types/schema_parts.hpp"

#include <chroma/schema.hpp>

#include <ostream>
#include <utility>

namespace chroma {
namespace {

VectorIndexConfig explicit_vector_config(Schema::VectorIndexKind kind) {
  VectorIndexConfig vector;
  vector.space = Space::L2;
  if (kind == Schema::VectorIndexKind::Hnsw) {
    vector.hnsw = detail::default_hnsw<HnswIndexConfig>();
  } else {
    vector.spann = detail::default_spann();
  }
  return vector;
}

SparseVectorIndexConfig explicit_sparse_config() {
  SparseVectorIndexConfig sparse;
  sparse.embedding_function = EmbeddingFunctionConfiguration::unknown();
  sparse.bm25 = false;
  return sparse;
}

VectorIndexConfig legacy_vector() {
  VectorIndexConfig vector;
  vector.embedding_function = EmbeddingFunctionConfiguration::legacy();
  return vector;
}

VectorIndexConfig from_document(VectorIndexConfig vector) {
  vector.source_key = document_key;
  return vector;
}

}  // namespace

Schema::Schema() : Schema(legacy_vector(), SparseVectorIndexConfig()) {}

Schema::Schema(VectorIndexConfig vector, SparseVectorIndexConfig sparse) {
  auto& strings = defaults.string.emplace();
  strings.fts_index.emplace(false, FtsIndexConfig());
  strings.string_inverted_index.emplace(true, StringInvertedIndexConfig());
  defaults.float_list.emplace().vector_index.emplace(false, vector);
  defaults.sparse_vector.emplace().sparse_vector_index.emplace(false, std::move(sparse));
  defaults.int_.emplace().int_inverted_index.emplace(true, IntInvertedIndexConfig());
  defaults.float_.emplace().float_inverted_index.emplace(true, FloatInvertedIndexConfig());
  defaults.bool_.emplace().bool_inverted_index.emplace(true, BoolInvertedIndexConfig());

  auto& document = keys[std::string(document_key)].string.emplace();
  document.fts_index.emplace(true, FtsIndexConfig());
  document.string_inverted_index.emplace(false, StringInvertedIndexConfig());
  auto& embedding = keys[std::string(embedding_key)].float_list.emplace();
  embedding.vector_index.emplace(true, from_document(std::move(vector)));
}

Schema Schema::new_default(VectorIndexKind kind) {
  return Schema(explicit_vector_config(kind), explicit_sparse_config());
}

Schema Schema::default_with_embedding_function(EmbeddingFunctionConfiguration function) {
  auto vector = explicit_vector_config(VectorIndexKind::Spann);
  vector.embedding_function = std::move(function);
  return Schema(std::move(vector), explicit_sparse_config());
}

Schema Schema::empty() {
  Schema schema;
  schema.defaults = ValueTypes();
  schema.keys.clear();
  return schema;
}

Cmek Cmek::gcp(std::string resource) {
  Cmek cmek;
  cmek.resource_ = std::move(resource);
  return cmek;
}

Cmek Cmek::other(UnknownKeys keys) {
  Cmek cmek;
  cmek.provider_ = Provider::Other;
  cmek.unknown_ = std::move(keys);
  return cmek;
}

std::ostream& operator<<(std::ostream& out, const Cmek& cmek) {
  if (cmek.provider() == Cmek::Provider::Gcp) return out << "gcp:" << cmek.resource();
  for (const auto& [key, json] : cmek.unknown_keys()) out << key << ':' << json;
  return out;
}

// The pattern of the server is ^projects/.+/locations/.+/keyRings/.+/cryptoKeys/.+$, where "." does not match
// a line feed.
bool Cmek::validate_pattern() const {
  std::string_view rest = resource_;
  if (rest.find('\n') != std::string_view::npos || rest.rfind("projects/", 0) != 0) return false;
  rest.remove_prefix(9);
  // Each part is matched as early as possible, which leaves the most text for the following parts.
  for (const std::string_view part : {"/locations/", "/keyRings/", "/cryptoKeys/"}) {
    const auto at = rest.find(part, 1);
    if (at == std::string_view::npos) return false;
    rest.remove_prefix(at + part.size());
  }
  return !rest.empty();
}

bool Schema::is_sparse_index_enabled() const {
  for (const auto& [key, types] : keys) {
    if (detail::has_enabled_sparse_index(types)) return true;
  }
  return false;
}

bool Schema::is_fts_enabled() const {
  const auto enabled = [](const ValueTypes& types) -> const Index<FtsIndexConfig>* {
    return types.string && types.string->fts_index ? &*types.string->fts_index : nullptr;
  };
  if (const auto found = keys.find(std::string(document_key)); found != keys.end()) {
    if (const auto* index = enabled(found->second)) return index->enabled;
  }
  const auto* index = enabled(defaults);
  return index == nullptr || index->enabled;
}

std::ostream& operator<<(std::ostream& out, const Schema& schema) {
  out << "schema with " << schema.keys.size() << " keys:";
  for (const auto& [key, types] : schema.keys) {
    out << ' ' << key << " [" << detail::enabled_indexes(types) << ']';
  }
  return out << ", others [" << detail::enabled_indexes(schema.defaults) << ']';
}

}  // namespace chroma
