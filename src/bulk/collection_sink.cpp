#include "bulk/requests.hpp"
#include "bulk/sink.hpp"
#include "core/log.hpp"
#include "types/schema_parts.hpp"

#include <chroma/client.hpp>

#include <algorithm>
#include <utility>

namespace chroma::bulk {
namespace {

/// A key with an enabled sparse index whose vectors are made of a text of the record.
bool has_source(const std::pair<const std::string, ValueTypes>& entry) {
  if (!chroma::detail::has_enabled_sparse_index(entry.second)) return false;
  const auto& config = entry.second.sparse_vector->sparse_vector_index->config;
  return config.source_key && config.embedding_function &&
         (config.embedding_function->type() == EmbeddingFunctionConfiguration::Type::Known ||
          config.embedding_function->type() == EmbeddingFunctionConfiguration::Type::Other);
}

class CollectionSink : public Sink {
 public:
  CollectionSink(ChromaCollection collection, BulkOperation operation)
      : collection_(std::move(collection)),
        client_(collection_.client()),
        settings_(client_.settings()),
        operation_(operation) {}

  asio::any_io_executor executor() const override { return client_.get_executor(); }
  std::string collection_id() const override { return collection_.id(); }
  void warn(std::string_view line) const override {
    core::write_log(settings_.logger, spdlog::level::warn, [&](spdlog::logger& log) { log.warn(line); });
  }

  asio::awaitable<Target> describe() override {
    Target target;
    target.cloud = settings_.cloud;
    target.timeout = settings_.request_timeout;
    if (const auto dimension = collection_.dimension(); dimension && *dimension > 0) {
      target.dimension = static_cast<std::size_t>(*dimension);
    }
    CallOptions once;
    once.retry.emplace().max_retries = 0;
    const auto asking = client_.with_options(once);
    const auto checks = co_await asking.pre_flight_checks();
    target.max_batch_size = checks.max_batch_size;
    target.base64 = checks.supports_base64_encoding;
    if (settings_.embedding_encoding != EmbeddingEncoding::Automatic) {
      target.base64 = settings_.embedding_encoding == EmbeddingEncoding::Base64;
    }
    base64_ = target.base64;
    co_return target;
  }

  asio::awaitable<void> send(std::shared_ptr<const Batch> batch) override {
    const auto handle = once_within(batch->timeout);
    switch (operation_) {
      case BulkOperation::Add:
        co_await handle.add(add_request(batch->rows));
        break;
      case BulkOperation::Upsert:
        co_await handle.upsert(upsert_request(batch->rows));
        break;
      case BulkOperation::Update:
        co_await handle.update(update_request(batch->rows));
        break;
      case BulkOperation::Delete:
        static_cast<void>(co_await handle.delete_records(delete_request(batch->rows)));
        break;
    }
  }

  bool makes_sparse_vectors() const override {
    const auto& schema = collection_.schema();
    return schema && std::ranges::any_of(schema->keys, has_source);
  }

  std::optional<ChromaHttpClientError> embedding_function_fault() const override {
    const auto function = collection_.embedding_function();
    if (function.has_value()) return std::nullopt;
    return function.error();
  }

  asio::awaitable<Vectors> embed(std::shared_ptr<const Batch> batch) override {
    if (operation_ == BulkOperation::Update) {
      const auto made = co_await collection_.embedded(update_request(batch->rows));
      co_return vectors_of(made);
    }
    // For an add as well: rows have the metadata of an upsert, and the functions make the same of them.
    const auto made = co_await collection_.embedded(upsert_request(batch->rows));
    co_return vectors_of(made);
  }

 private:
  template <class Request>
  Vectors vectors_of(const Request& made) const {
    Vectors vectors;
    vectors.embeddings = made.embeddings();
    if (makes_sparse_vectors()) vectors.metadatas = made.metadatas();
    return vectors;
  }

  /// Without retries, because the writer sends batches again. The encoding is the one for which sizes are
  /// computed.
  ChromaCollection once_within(std::chrono::milliseconds timeout) const {
    CallOptions options;
    options.timeout = timeout;
    options.retry.emplace().max_retries = 0;
    options.embedding_encoding = base64_ ? EmbeddingEncoding::Base64 : EmbeddingEncoding::Json;
    return collection_.with_options(std::move(options));
  }

  ChromaCollection collection_;
  ChromaHttpClient client_;
  ClientSettings settings_;
  BulkOperation operation_;
  bool base64_ = false;
};

}  // namespace

std::shared_ptr<Sink> make_collection_sink(const ChromaCollection& collection, BulkOperation operation) {
  return std::make_shared<CollectionSink>(collection, operation);
}

}  // namespace chroma::bulk
