#include "embed/standard_functions.hpp"

#include <chroma/embedding_function.hpp>
#include <chroma/error.hpp>

#include <exception>
#include <map>
#include <string_view>
#include <utility>

namespace chroma::embed {

template <class Function>
using FactoriesOf = std::map<std::string, Registry::Factory<Function>>;

struct Registry::Factories {
  FactoriesOf<DenseEmbeddingFunction> dense;
  FactoriesOf<SparseEmbeddingFunction> sparse;
  bool standard = true;
};

namespace {

[[noreturn]] void fail(std::string message) {
  throw ChromaHttpClientError(EmbeddingFunctionError{std::move(message)});
}

/// Says how to add a function that belongs to an optional component.
std::string component_hint(std::string_view name) {
  if (name == "chroma_bm25") {
    return "link the component chroma::bm25 and call chroma::embed::add_bm25 on the registry";
  }
  if (name == "default" || name == "onnx_mini_lm_l6_v2") {
    return "link the component chroma::onnx and call chroma::embed::add_onnx on the registry";
  }
  return {};
}

/// The functions of the library chroma::chroma.
const FactoriesOf<DenseEmbeddingFunction>& standard_factories(const DenseEmbeddingFunction*) {
  return standard_dense_functions();
}
const FactoriesOf<SparseEmbeddingFunction>& standard_factories(const SparseEmbeddingFunction*) {
  return standard_sparse_functions();
}

std::string not_registered(const std::string& name, const char* kind, const char* adder) {
  std::string text = std::string("no ") + kind + " embedding function \"" + name + "\" is registered; ";
  if (const auto hint = component_hint(name); !hint.empty()) return text + hint;
  return text + "give the registry a factory for it with " + adder + ", or give the collection a function";
}

void require_known(const EmbeddingFunctionConfiguration& configuration) {
  switch (configuration.type()) {
    case EmbeddingFunctionConfiguration::Type::Known:
      return;
    case EmbeddingFunctionConfiguration::Type::Legacy:
      return fail("the configuration does not say which embedding function was used (type \"legacy\")");
    case EmbeddingFunctionConfiguration::Type::Unknown:
      return fail("the configuration does not say which embedding function was used (type \"unknown\")");
    case EmbeddingFunctionConfiguration::Type::Other:
      return fail("the configuration is of a type that this version of the client does not know");
  }
}

template <class Function>
const Registry::Factory<Function>* find(const FactoriesOf<Function>& own, bool standard,
                                        const std::string& name) {
  if (const auto found = own.find(name); found != own.end()) return &found->second;
  if (!standard) return nullptr;
  const auto& all = standard_factories(static_cast<const Function*>(nullptr));
  const auto found = all.find(name);
  return found != all.end() ? &found->second : nullptr;
}

template <class Function>
std::shared_ptr<const Function> call(const Registry::Factory<Function>& factory,
                                     const EmbeddingFunctionConfiguration& configuration,
                                     const FactoryContext& context) {
  std::string reason = "its factory returned nothing";
  try {
    if (auto function = factory(configuration, context)) return function;
  } catch (const ChromaHttpClientError& error) {
    if (error.is<EmbeddingFunctionError>()) throw;
    reason = error.what();
  } catch (const std::exception& error) {
    reason = error.what();
  }
  fail("the embedding function \"" + configuration.name() + "\" cannot be built: " + reason);
}

/// @param kind that of the function, for messages
/// @param adder the member function that adds a factory, for messages
template <class Function>
std::shared_ptr<const Function> build_function(const FactoriesOf<Function>& own, bool standard,
                                               const EmbeddingFunctionConfiguration& configuration,
                                               const FactoryContext& context, const char* kind,
                                               const char* adder) {
  require_known(configuration);
  const auto* factory = find<Function>(own, standard, configuration.name());
  if (factory == nullptr) fail(not_registered(configuration.name(), kind, adder));
  return call<Function>(*factory, configuration, context);
}

}  // namespace

Registry::Registry() : factories_(std::make_shared<const Factories>()) {}
Registry::Registry(const Registry& other) = default;
Registry& Registry::operator=(const Registry& other) = default;
Registry::~Registry() = default;

Registry Registry::empty() {
  Factories none;
  none.standard = false;
  Registry registry;
  registry.factories_ = std::make_shared<const Factories>(std::move(none));
  return registry;
}

Registry& Registry::add_dense(std::string name, DenseFactory factory) {
  auto factories = *factories_;
  factories.dense.insert_or_assign(std::move(name), std::move(factory));
  factories_ = std::make_shared<const Factories>(std::move(factories));
  return *this;
}

Registry& Registry::add_sparse(std::string name, SparseFactory factory) {
  auto factories = *factories_;
  factories.sparse.insert_or_assign(std::move(name), std::move(factory));
  factories_ = std::make_shared<const Factories>(std::move(factories));
  return *this;
}

std::shared_ptr<const DenseEmbeddingFunction> Registry::build_dense(
    const EmbeddingFunctionConfiguration& configuration, const FactoryContext& context) const {
  return build_function<DenseEmbeddingFunction>(factories_->dense, factories_->standard, configuration,
                                                context, "dense", "Registry::add_dense");
}

std::shared_ptr<const SparseEmbeddingFunction> Registry::build_sparse(
    const EmbeddingFunctionConfiguration& configuration, const FactoryContext& context) const {
  return build_function<SparseEmbeddingFunction>(factories_->sparse, factories_->standard, configuration,
                                                 context, "sparse", "Registry::add_sparse");
}

}  // namespace chroma::embed
