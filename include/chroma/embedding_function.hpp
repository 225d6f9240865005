#pragma once

/// @file
/// The interface of embedding functions, and `dense` and `sparse`, which make one from a callable.

#include <chroma/embedding_registry.hpp>
#include <chroma/embeddings.hpp>
#include <chroma/export.hpp>
#include <chroma/index_config.hpp>
#include <chroma/sparse_vector.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// Embedding functions: they turn texts into vectors.
namespace chroma::embed {

/// Makes dense vectors of texts. Derive from it for a function of your own, or use `dense`.
///
/// The members are called on the executor of the caller and may be called from several threads at once. Those
/// who call them keep the object alive until the awaitable has ended. Work that takes longer than a few
/// milliseconds belongs on another thread.
///
/// Callers in this library check the result: as many rows as texts, all of one length, every value finite.
/// They turn an exception of another class than `ChromaHttpClientError` into an `EmbeddingFunctionError` that
/// has its text.
class CHROMA_API DenseEmbeddingFunction {
 public:
  virtual ~DenseEmbeddingFunction();

  /// The vectors of documents: one row for each text, in the order of the texts.
  [[nodiscard]] virtual boost::asio::awaitable<Embeddings> embed_strs(
      std::vector<std::string> texts) const = 0;
  /// The vectors of queries, likewise. The same as `embed_strs` unless overridden.
  [[nodiscard]] virtual boost::asio::awaitable<Embeddings> embed_query_strs(
      std::vector<std::string> texts) const;
  /// What a collection keeps, so that a registry can build the function again; it must hold no secret.
  /// Nothing unless overridden.
  [[nodiscard]] virtual std::optional<EmbeddingFunctionConfiguration> configuration() const;

 protected:
  DenseEmbeddingFunction() = default;
  DenseEmbeddingFunction(const DenseEmbeddingFunction&) = default;
  DenseEmbeddingFunction& operator=(const DenseEmbeddingFunction&) = default;
};

/// Makes sparse vectors of texts. What is said of `DenseEmbeddingFunction` holds here; the result is checked
/// for as many vectors as texts, each of them valid (`SparseVector::validate`).
class CHROMA_API SparseEmbeddingFunction {
 public:
  virtual ~SparseEmbeddingFunction();

  /// The vectors of documents: one for each text, in the order of the texts.
  [[nodiscard]] virtual boost::asio::awaitable<std::vector<SparseVector>> embed_strs(
      std::vector<std::string> texts) const = 0;
  /// The vectors of queries, likewise. The same as `embed_strs` unless overridden.
  [[nodiscard]] virtual boost::asio::awaitable<std::vector<SparseVector>> embed_query_strs(
      std::vector<std::string> texts) const;
  /// What a collection keeps, so that a registry can build the function again; it must hold no secret.
  /// Nothing unless overridden.
  [[nodiscard]] virtual std::optional<EmbeddingFunctionConfiguration> configuration() const;

 protected:
  SparseEmbeddingFunction() = default;
  SparseEmbeddingFunction(const SparseEmbeddingFunction&) = default;
  SparseEmbeddingFunction& operator=(const SparseEmbeddingFunction&) = default;
};

namespace detail {

/// A const callable that takes the texts and returns `Output`, what converts to it, or an awaitable of it.
template <class F, class Output>
concept Embedder = std::invocable<const F&, std::vector<std::string>> &&
    (std::convertible_to<std::invoke_result_t<const F&, std::vector<std::string>>, Output> ||
     std::same_as<std::invoke_result_t<const F&, std::vector<std::string>>, boost::asio::awaitable<Output>>);

template <class Interface, class Output, class F>
class CallableFunction final : public Interface {
 public:
  explicit CallableFunction(F callable) : callable_(std::make_shared<const F>(std::move(callable))) {}

  boost::asio::awaitable<Output> embed_strs(std::vector<std::string> texts) const override {
    return call(callable_, std::move(texts));
  }

 private:
  static boost::asio::awaitable<Output> call(std::shared_ptr<const F> callable,
                                             std::vector<std::string> texts) {
    if constexpr (std::convertible_to<std::invoke_result_t<const F&, std::vector<std::string>>, Output>) {
      co_return (*callable)(std::move(texts));
    } else {
      co_return co_await (*callable)(std::move(texts));
    }
  }

  std::shared_ptr<const F> callable_;
};

}  // namespace detail

/// An embedding function from a callable that takes the texts (`std::vector<std::string>`) and returns
/// `Embeddings` or `boost::asio::awaitable<Embeddings>`. It serves documents and queries and has no
/// configuration. The callable may be called from several threads at once, so it must be callable as const.
///
///     auto function = chroma::embed::dense([](std::vector<std::string> texts) { return my_model(texts); });
template <detail::Embedder<Embeddings> F>
[[nodiscard]] std::shared_ptr<const DenseEmbeddingFunction> dense(F callable) {
  return std::make_shared<const detail::CallableFunction<DenseEmbeddingFunction, Embeddings, F>>(
      std::move(callable));
}

/// The same with `std::vector<SparseVector>` or an awaitable of it.
template <detail::Embedder<std::vector<SparseVector>> F>
[[nodiscard]] std::shared_ptr<const SparseEmbeddingFunction> sparse(F callable) {
  return std::make_shared<
      const detail::CallableFunction<SparseEmbeddingFunction, std::vector<SparseVector>, F>>(
      std::move(callable));
}

}  // namespace chroma::embed
