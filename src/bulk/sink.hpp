#pragma once

#include "bulk/engine.hpp"

#include <chroma/collection.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::bulk {

namespace asio = boost::asio;

/// Embeds and stores the batches of a writer: a collection, or a replacement in tests. `embed` is awaited on
/// the executor, the other members on the writer's strand. They throw ChromaHttpClientError.
class Sink {
 public:
  virtual ~Sink() = default;

  /// Where requests run.
  [[nodiscard]] virtual asio::any_io_executor executor() const = 0;
  /// What a checkpoint belongs to.
  [[nodiscard]] virtual std::string collection_id() const = 0;
  virtual void warn(std::string_view line) const = 0;
  /// One attempt to find out what the server accepts.
  [[nodiscard]] virtual asio::awaitable<Target> describe() = 0;
  /// One attempt to store a batch.
  [[nodiscard]] virtual asio::awaitable<void> send(std::shared_ptr<const Batch> batch) = 0;
  /// Whether the schema names functions that make sparse vectors.
  [[nodiscard]] virtual bool makes_sparse_vectors() const = 0;
  /// Why the function that makes embeddings cannot be used. The function is built if need be.
  [[nodiscard]] virtual std::optional<ChromaHttpClientError> embedding_function_fault() const = 0;
  /// Calls the embedding functions for the rows of a batch, of which all or none have embeddings.
  [[nodiscard]] virtual asio::awaitable<Vectors> embed(std::shared_ptr<const Batch> batch) = 0;
};

/// A collection. @throws ChromaHttpClientError with a `ValidationError` for an empty handle
[[nodiscard]] std::shared_ptr<Sink> make_collection_sink(const ChromaCollection& collection,
                                                         BulkOperation operation);

}  // namespace chroma::bulk
