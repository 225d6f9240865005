#include "embed/chroma_cloud/configuration.hpp"

#include "embed/http/api_key.hpp"
#include "embed/http/settings.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace chroma {
namespace embed::chroma_cloud {

struct QwenSettings {
  std::optional<std::string> api_key_env_var;
  std::optional<std::string> model;
  std::optional<std::string> task;
  std::optional<std::map<std::string, ChromaCloudQwenInstructions>> instructions;
};

struct SpladeSettings {
  std::optional<std::string> api_key_env_var;
  std::optional<std::string> model;
  std::optional<bool> include_tokens;
};

}  // namespace embed::chroma_cloud

namespace detail {

template <>
struct Description<embed::ChromaCloudQwenInstructions> {
  static void fields(auto& instructions, auto visit) {
    visit("documents", json::nullable(instructions.documents));
    visit("query", json::nullable(instructions.query));
  }
};

template <>
struct Description<embed::chroma_cloud::QwenSettings> {
  static void fields(auto& settings, auto visit) {
    visit("api_key_env_var", settings.api_key_env_var);
    visit(json::required("model", "model_name"), settings.model);  // The Go client writes the second name.
    visit("task", settings.task);
    visit("instructions", settings.instructions);
  }
};

template <>
struct Description<embed::chroma_cloud::SpladeSettings> {
  static void fields(auto& settings, auto visit) {
    visit("api_key_env_var", settings.api_key_env_var);
    visit(json::required("model"), settings.model);
    visit("include_tokens", settings.include_tokens);
  }
};

}  // namespace detail

namespace embed::chroma_cloud {
namespace {

std::string written_variable(const std::string& name) {
  return unless_empty(name).value_or(ChromaCloudEmbeddingOptions().api_key_env_var);
}

std::string read_variable(const std::optional<std::string>& name) {
  return require_key_variable(name.value_or(ChromaCloudEmbeddingOptions().api_key_env_var));
}

}  // namespace

EmbeddingFunctionConfiguration write_configuration(const ChromaCloudQwenOptions& options) {
  QwenSettings settings;
  settings.api_key_env_var = written_variable(options.api_key_env_var);
  settings.model = options.model;
  settings.task = options.task;  // Python cannot read a null.
  settings.instructions = options.instructions;
  return write_settings("chroma-cloud-qwen", settings);
}

EmbeddingFunctionConfiguration write_configuration(const ChromaCloudSpladeOptions& options) {
  SpladeSettings settings;
  settings.api_key_env_var = written_variable(options.api_key_env_var);
  settings.model = options.model;
  settings.include_tokens = options.include_tokens;
  return write_settings("chroma-cloud-splade", settings);
}

ChromaCloudQwenOptions read_qwen_configuration(const EmbeddingFunctionConfiguration& configuration) {
  auto settings = read_settings<QwenSettings>(configuration);
  ChromaCloudQwenOptions options;
  options.api_key_env_var = read_variable(settings.api_key_env_var);
  options.model = settings.model.value_or(options.model);
  options.task = settings.task.value_or("");
  if (settings.instructions) options.instructions = *std::move(settings.instructions);
  return options;
}

ChromaCloudSpladeOptions read_splade_configuration(const EmbeddingFunctionConfiguration& configuration) {
  const auto settings = read_settings<SpladeSettings>(configuration);
  ChromaCloudSpladeOptions options;
  options.api_key_env_var = read_variable(settings.api_key_env_var);
  options.model = settings.model.value_or(options.model);
  options.include_tokens = settings.include_tokens.value_or(false);
  return options;
}

}  // namespace embed::chroma_cloud
}  // namespace chroma
