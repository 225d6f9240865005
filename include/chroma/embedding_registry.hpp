#pragma once

/// @file
/// `embed::Registry`: which embedding functions can be built from the configuration that a collection keeps.

#include <chroma/export.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace chroma {

class EmbeddingFunctionConfiguration;
struct ChromaHttpClientOptions;

namespace embed {

class DenseEmbeddingFunction;
class SparseEmbeddingFunction;

/// What a factory is given besides the configuration. Valid during the call of the factory only.
struct CHROMA_API FactoryContext {
  FactoryContext(boost::asio::any_io_executor client_executor, const ChromaHttpClientOptions& client_options)
      : executor(std::move(client_executor)), options(client_options) {}

  boost::asio::any_io_executor executor;   ///< The client's executor.
  const ChromaHttpClientOptions& options;  ///< The client's options, credentials included.
};

/// Maps the name of an embedding function to a factory that builds it from a persisted configuration. A
/// client builds the function that a collection's schema or configuration names with the registry of its
/// options.
///
///     chroma::embed::Registry registry;
///     registry.add_dense("my_function", [](const auto& configuration, const auto&) {
///       return std::make_shared<MyFunction>(configuration.config());
///     });
///
/// A factory gets the configuration, which has the name under which the factory was found, and the context.
/// It throws when it cannot build the function; it must not block and may be called from several threads at
/// once.
///
/// Thread safety: distinct objects may be used from any thread, a const object from many at once.
class CHROMA_API Registry {
 public:
  template <class Function>
  using Factory = std::function<std::shared_ptr<const Function>(const EmbeddingFunctionConfiguration&,
                                                                const FactoryContext&)>;
  using DenseFactory = Factory<DenseEmbeddingFunction>;
  using SparseFactory = Factory<SparseEmbeddingFunction>;

  /// The same as `standard()`.
  Registry();
  Registry(const Registry& other);
  Registry& operator=(const Registry& other);
  ~Registry();
  /// The functions of the target `chroma::chroma`. Components add theirs: `add_bm25`, `add_onnx`.
  [[nodiscard]] static Registry standard() { return {}; }
  /// No function at all.
  [[nodiscard]] static Registry empty();

  /// Adds a factory, in place of the one that has this name.
  Registry& add_dense(std::string name, DenseFactory factory);
  /// Adds a factory, in place of the one that has this name.
  Registry& add_sparse(std::string name, SparseFactory factory);

  /// Builds the function that the configuration names.
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError if the configuration names no function, if
  /// no factory has that name (the message says which component to link where there is one), or if the
  /// factory fails. An `EmbeddingFunctionError` of the factory passes unchanged, the text of another
  /// exception becomes part of the message.
  [[nodiscard]] std::shared_ptr<const DenseEmbeddingFunction> build_dense(
      const EmbeddingFunctionConfiguration& configuration, const FactoryContext& context) const;
  /// The same for a sparse function.
  [[nodiscard]] std::shared_ptr<const SparseEmbeddingFunction> build_sparse(
      const EmbeddingFunctionConfiguration& configuration, const FactoryContext& context) const;

 private:
  struct Factories;

  /// Not changed once it is set, so that copies share it: adding a factory replaces it.
  std::shared_ptr<const Factories> factories_;
};

}  // namespace embed
}  // namespace chroma
