#pragma once

#include "client/client_state.hpp"

#include <chroma/collection_model.hpp>
#include <chroma/embedding_function.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace chroma::detail {

using DenseFunction = std::shared_ptr<const embed::DenseEmbeddingFunction>;
using SparseFunction = std::shared_ptr<const embed::SparseEmbeddingFunction>;

/// The embedding functions of a collection handle: the one that the caller has set, and those that are built
/// from the configuration of the collection when they are first needed. Thread-safe. A copy has the same
/// functions.
class EmbeddingFunctions {
 public:
  EmbeddingFunctions() = default;
  EmbeddingFunctions(const EmbeddingFunctions& other);
  EmbeddingFunctions& operator=(const EmbeddingFunctions&) = delete;

  /// Sets the dense function; null means that the collection has none, whatever its configuration names.
  void set_dense(DenseFunction function);

  /// The dense function; null if there is none.
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError if the function that the configuration of
  /// the collection names cannot be built
  [[nodiscard]] DenseFunction dense(const ClientState& client, const Collection& model) const;

  /// The function of the sparse index of a key.
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError if it cannot be built
  [[nodiscard]] SparseFunction sparse(const ClientState& client, const std::string& key,
                                      const EmbeddingFunctionConfiguration& configuration) const;

 private:
  // Factories are called without the mutex, because they are code of the caller.
  mutable std::mutex mutex_;
  mutable std::optional<DenseFunction> dense_;
  mutable std::map<std::string, SparseFunction> sparse_;
};

/// The configuration of the dense function that the collection names, or null. Of the places where it may be
/// (the configuration, the schema's entry for the embeddings, the schema's defaults), the first that names a
/// function counts, as in the Python client.
[[nodiscard]] const EmbeddingFunctionConfiguration* dense_configuration(const Collection& model);

/// A metadata key with an enabled index of sparse vectors that has an embedding function.
struct SparseField {
  std::string key;
  EmbeddingFunctionConfiguration function;
  std::optional<std::string> source_key;
};
[[nodiscard]] std::vector<SparseField> sparse_fields(const Collection& model);

}  // namespace chroma::detail
