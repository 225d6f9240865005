#include "client/function_schema.hpp"

#include "client/embedding_functions.hpp"
#include "types/reserved_keys.hpp"

#include <chroma/error.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace chroma::detail {
namespace {

constexpr std::string_view mini_lm = "default";
constexpr std::string_view hugging_face_server = "huggingface_server";

/// Functions whose default distance is the cosine in the other clients. That of "default" is L2, which is the
/// server's default.
constexpr std::array<std::string_view, 4> cosine_functions = {"openai", "ollama", hugging_face_server,
                                                              "chroma-cloud-qwen"};

/// One name for functions that clients record under several names.
std::string_view common_name(std::string_view name) {
  if (name == "onnx_mini_lm_l6_v2") return mini_lm;
  if (name == "huggingface-server") return hugging_face_server;
  return name;
}

void set_function(ValueTypes& types, const EmbeddingFunctionConfiguration& function, bool enabled) {
  if (!types.float_list) types.float_list.emplace();
  auto& index = types.float_list->vector_index;
  if (!index) index.emplace(enabled, VectorIndexConfig());
  index->config.embedding_function = function;
  const bool has_cosine = function.type() == EmbeddingFunctionConfiguration::Type::Known &&
                          std::ranges::find(cosine_functions, function.name()) != cosine_functions.end();
  if (!index->config.space && has_cosine) index->config.space = Space::Cosine;
}

}  // namespace

void record_function(std::optional<Schema>& schema, const embed::DenseEmbeddingFunction& function) {
  const auto configuration = function.configuration().value_or(EmbeddingFunctionConfiguration::legacy());
  if (!schema) schema.emplace();
  set_function(schema->defaults, configuration, false);
  auto& embedding = schema->keys[std::string(embedding_key)];
  set_function(embedding, configuration, true);
  auto& source = embedding.float_list->vector_index->config.source_key;
  if (!source) source = document_key;
}

void keep_default_function(codec::CreateCollectionBody& body) {
  if (!body.schema) return;
  const auto found = body.schema->keys.find(std::string(embedding_key));
  if (found == body.schema->keys.end()) return;
  const auto& list = found->second.float_list;
  if (!list || !list->vector_index) return;
  const auto& function = list->vector_index->config.embedding_function;
  if (!function || function->type() != EmbeddingFunctionConfiguration::Type::Known) return;
  if (function->name() != mini_lm) return;
  body.unknown["configuration"] =
      R"({"embedding_function":{"type":"known","name":"default","config":)" + function->config() + "}}";
}

void require_same_function(const Collection& model, const embed::DenseEmbeddingFunction& function) {
  const auto* recorded = dense_configuration(model);
  const auto own = function.configuration();
  if (recorded == nullptr || !own || own->name().empty()) return;
  if (common_name(recorded->name()) == common_name(own->name())) return;
  throw ChromaHttpClientError(EmbeddingFunctionError{
      "the collection '" + model.name + "' exists and has embeddings of the function '" + recorded->name() +
      "', not of '" + own->name() + "'; get it with get_collection, which uses its own function"});
}

}  // namespace chroma::detail
