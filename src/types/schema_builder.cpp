// Enables and disables indexes, with the checks of the Rust crate in the same order and with the same
// messages.
#include "types/schema_parts.hpp"

#include <chroma/error.hpp>
#include <chroma/schema.hpp>

#include <type_traits>
#include <utility>
#include <variant>

namespace chroma {
namespace {

[[noreturn]] void refuse(std::string message) {
  throw ChromaHttpClientError(SchemaBuilderError{std::move(message)});
}

template <class Config>
bool holds(const IndexConfig& config) {
  return std::holds_alternative<Config>(config);
}

/// Refuses the keys that the server manages itself and all other keys that begin with '#'.
void check_key(const std::optional<std::string>& key, const IndexConfig& config) {
  if (!key || key->empty() || key->front() != '#') return;
  const bool managed = *key == embedding_key || (*key == document_key && !holds<FtsIndexConfig>(config));
  if (managed)
    refuse("Cannot modify special key '" + *key + "' - it is managed automatically by the system.");
  if (*key == document_key) return;
  refuse("Key '" + *key + "' cannot begin with '#'. Keys starting with '#' are reserved for system use.");
}

void check_only_sparse_index(const Schema& schema, const std::string& key) {
  for (const auto& [other, types] : schema.keys) {
    if (other == key || !detail::has_enabled_sparse_index(types)) continue;
    refuse("Only one sparse vector index allowed per collection. Key '" + other +
           "' already has a sparse vector index. Remove it first or use that key.");
  }
}

template <class T>
T& get_or_make(std::optional<T>& member) {
  return member ? *member : member.emplace();
}

/// The index to which settings of this type belong; its value type is added if it is absent.
template <class Config>
auto& slot(ValueTypes& types) {
  if constexpr (std::is_same_v<Config, FtsIndexConfig>) {
    return get_or_make(types.string).fts_index;
  } else if constexpr (std::is_same_v<Config, StringInvertedIndexConfig>) {
    return get_or_make(types.string).string_inverted_index;
  } else if constexpr (std::is_same_v<Config, SparseVectorIndexConfig>) {
    return get_or_make(types.sparse_vector).sparse_vector_index;
  } else if constexpr (std::is_same_v<Config, IntInvertedIndexConfig>) {
    return get_or_make(types.int_).int_inverted_index;
  } else if constexpr (std::is_same_v<Config, FloatInvertedIndexConfig>) {
    return get_or_make(types.float_).float_inverted_index;
  } else if constexpr (std::is_same_v<Config, BoolInvertedIndexConfig>) {
    return get_or_make(types.bool_).bool_inverted_index;
  } else {
    return get_or_make(types.float_list).vector_index;
  }
}

/// Replaces the settings of an index. Unknown keys of the index and of its settings are kept, unless the new
/// settings have the same keys.
template <class Config>
void set(std::optional<Index<Config>>& index, bool enabled, Config config) {
  if (!index) index.emplace();
  config.unknown.merge(std::move(index->config.unknown));
  index->enabled = enabled;
  index->config = std::move(config);
}

void set_index(Schema& schema, const std::optional<std::string>& key, IndexConfig config, bool enabled) {
  // The full-text index of the document is changed only if the schema has an entry for it, as in the crate.
  if (key == document_key) {
    const auto entry = schema.keys.find(*key);
    if (entry == schema.keys.end() || !entry->second.string || !entry->second.string->fts_index) return;
    set(entry->second.string->fts_index, enabled, std::get<FtsIndexConfig>(std::move(config)));
    return;
  }
  ValueTypes& types = key ? schema.keys[*key] : schema.defaults;
  std::visit(
      [&](auto& settings) {
        using Config = std::remove_reference_t<decltype(settings)>;
        set(slot<Config>(types), enabled, std::move(settings));
      },
      config);
}

void set_vector_config(ValueTypes& types, VectorIndexConfig config) {
  auto& index = slot<VectorIndexConfig>(types);
  set(index, index && index->enabled, std::move(config));
}

/// The settings of the vector index with another distance.
VectorIndexConfig with_space(ValueTypes& types, Space distance) {
  const auto& index = slot<VectorIndexConfig>(types);
  VectorIndexConfig config = index ? index->config : VectorIndexConfig();
  config.space = distance;
  return config;
}

void configure_vector_index(Schema& schema, const std::optional<std::string>& key, VectorIndexConfig config) {
  if (key) {
    refuse(
        "Vector index must be configured globally using create_index(None, config), not on specific key '" +
        *key + "'");
  }
  set_vector_config(schema.defaults, config);
  config.source_key = document_key;
  set_vector_config(schema.keys[std::string(embedding_key)], std::move(config));
}

}  // namespace

Schema& Schema::create_index(std::optional<std::string> key, IndexConfig config) & {
  if (auto* vector = std::get_if<VectorIndexConfig>(&config)) {
    configure_vector_index(*this, key, std::move(*vector));
    return *this;
  }
  if (holds<FtsIndexConfig>(config) && key != document_key) {
    refuse(
        "FTS index can only be enabled on #document key. Use create_index(Some(\"#document\"), "
        "FtsIndexConfig) to "
        "enable FTS.");
  }
  if (holds<SparseVectorIndexConfig>(config) && !key) {
    refuse(
        "Sparse vector index requires a specific key. Use create_index(Some(\"key_name\"), config) instead "
        "of "
        "create_index(None, config)");
  }
  check_key(key, config);
  if (holds<SparseVectorIndexConfig>(config)) check_only_sparse_index(*this, *key);
  set_index(*this, key, std::move(config), true);
  return *this;
}

Schema& Schema::delete_index(std::optional<std::string> key, IndexConfig config) & {
  if (holds<VectorIndexConfig>(config)) {
    refuse(
        "Vector index deletion not supported. The vector index is always enabled on #embedding. To disable "
        "vector "
        "search, disable the collection instead.");
  }
  if (holds<FtsIndexConfig>(config) && key != document_key) {
    refuse("FTS index deletion is only supported on #document key.");
  }
  if (holds<SparseVectorIndexConfig>(config)) {
    refuse(
        "Sparse vector index deletion not supported yet. Sparse vector indexes cannot be removed once "
        "created.");
  }
  check_key(key, config);
  set_index(*this, key, std::move(config), false);
  return *this;
}

Schema& Schema::space(Space distance) & {
  set_vector_config(defaults, with_space(defaults, distance));
  ValueTypes& embedding = keys[std::string(embedding_key)];
  auto config = with_space(embedding, distance);
  if (!config.source_key) config.source_key = document_key;
  set_vector_config(embedding, std::move(config));
  return *this;
}

Schema& Schema::with_cmek(Cmek key) & {
  cmek = std::move(key);
  return *this;
}

Schema Schema::create_index(std::optional<std::string> key, IndexConfig config) && {
  return std::move(create_index(std::move(key), std::move(config)));
}
Schema Schema::delete_index(std::optional<std::string> key, IndexConfig config) && {
  return std::move(delete_index(std::move(key), std::move(config)));
}
Schema Schema::space(Space distance) && {
  return std::move(space(distance));
}
Schema Schema::with_cmek(Cmek key) && {
  return std::move(with_cmek(std::move(key)));
}

}  // namespace chroma
