#include "client/embedding_functions.hpp"

#include "types/reserved_keys.hpp"
#include "types/schema_parts.hpp"

#include <utility>

namespace chroma::detail {
namespace {

/// True if the configuration says which function it is, even if this version of the library cannot read it.
bool names_function(const EmbeddingFunctionConfiguration& configuration) {
  return configuration.type() == EmbeddingFunctionConfiguration::Type::Known ||
         configuration.type() == EmbeddingFunctionConfiguration::Type::Other;
}

const EmbeddingFunctionConfiguration* named(const std::optional<EmbeddingFunctionConfiguration>& function) {
  return function && names_function(*function) ? &*function : nullptr;
}

const EmbeddingFunctionConfiguration* of_vector_index(const ValueTypes& types) {
  if (!types.float_list || !types.float_list->vector_index) return nullptr;
  return named(types.float_list->vector_index->config.embedding_function);
}

embed::FactoryContext factory_context(const ClientState& client) {
  return embed::FactoryContext(client.backend().executor, *client.settings().options);
}

}  // namespace

EmbeddingFunctions::EmbeddingFunctions(const EmbeddingFunctions& other) {
  const std::lock_guard lock(other.mutex_);
  dense_ = other.dense_;
  sparse_ = other.sparse_;
}

void EmbeddingFunctions::set_dense(DenseFunction function) {
  const std::lock_guard lock(mutex_);
  dense_ = std::move(function);
}

DenseFunction EmbeddingFunctions::dense(const ClientState& client, const Collection& model) const {
  {
    const std::lock_guard lock(mutex_);
    if (dense_) return *dense_;
  }
  const auto* configuration = dense_configuration(model);
  if (configuration == nullptr) return nullptr;
  auto built =
      client.settings().options->embedding_functions.build_dense(*configuration, factory_context(client));
  const std::lock_guard lock(mutex_);
  if (!dense_) dense_ = std::move(built);
  return *dense_;
}

SparseFunction EmbeddingFunctions::sparse(const ClientState& client, const std::string& key,
                                          const EmbeddingFunctionConfiguration& configuration) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = sparse_.find(key); found != sparse_.end()) return found->second;
  }
  auto built =
      client.settings().options->embedding_functions.build_sparse(configuration, factory_context(client));
  const std::lock_guard lock(mutex_);
  return sparse_.try_emplace(key, std::move(built)).first->second;
}

const EmbeddingFunctionConfiguration* dense_configuration(const Collection& model) {
  if (const auto* function = named(model.configuration.embedding_function)) return function;
  if (!model.schema) return nullptr;
  if (const auto found = model.schema->keys.find(std::string(embedding_key));
      found != model.schema->keys.end()) {
    if (const auto* function = of_vector_index(found->second)) return function;
  }
  return of_vector_index(model.schema->defaults);
}

std::vector<SparseField> sparse_fields(const Collection& model) {
  std::vector<SparseField> fields;
  if (!model.schema) return fields;
  for (const auto& [key, types] : model.schema->keys) {
    if (!has_enabled_sparse_index(types)) continue;
    const auto& config = types.sparse_vector->sparse_vector_index->config;
    const auto* function = named(config.embedding_function);
    if (function != nullptr) fields.push_back({key, *function, config.source_key});
  }
  return fields;
}

}  // namespace chroma::detail
