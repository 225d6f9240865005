#include "embed/openai/configuration.hpp"

#include "embed/http/api_key.hpp"
#include "embed/http/settings.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace chroma {
namespace embed::openai {

struct Settings {
  std::optional<std::string> api_key_env_var;
  std::optional<std::string> model_name;
  std::optional<std::string> api_base;
  std::optional<std::uint32_t> dimensions;
  std::optional<std::string> organization_id;
  std::optional<std::string> api_type;
  std::optional<std::string> api_version;
  std::optional<std::string> deployment_id;
  std::optional<std::map<std::string, std::string>> default_headers;
};

}  // namespace embed::openai

namespace detail {

template <>
struct Description<embed::openai::Settings> {
  static constexpr auto unset = json::Unset::Dropped;
  static void fields(auto& settings, auto visit) {
    visit("api_key_env_var", settings.api_key_env_var);
    visit("model_name", settings.model_name);
    visit("api_base", settings.api_base);
    visit("dimensions", settings.dimensions);
    visit("organization_id", settings.organization_id);
    visit("api_type", settings.api_type);
    visit("api_version", settings.api_version);
    visit("deployment_id", settings.deployment_id);
    visit("default_headers", settings.default_headers);
  }
};

}  // namespace detail

namespace embed::openai {

// Headers are not written, because they may hold secrets.
EmbeddingFunctionConfiguration write_configuration(const OpenAiOptions& options) {
  Settings settings;
  // Every client requires the name of a variable.
  settings.api_key_env_var = unless_empty(options.api_key_env_var).value_or(OpenAiOptions().api_key_env_var);
  settings.model_name = options.model;
  if (options.api_base != public_api_base) settings.api_base = without_user_info(options.api_base);
  if (options.dimensions) settings.dimensions = static_cast<std::uint32_t>(*options.dimensions);
  settings.organization_id = unless_empty(options.organization);
  if (!options.deployment_id.empty()) settings.api_type = "azure";
  settings.api_version = unless_empty(options.api_version);
  settings.deployment_id = unless_empty(options.deployment_id);
  return write_settings("openai", settings);
}

OpenAiOptions read_configuration(const EmbeddingFunctionConfiguration& configuration) {
  auto settings = read_settings<Settings>(configuration);
  OpenAiOptions options;
  options.model = settings.model_name.value_or("text-embedding-ada-002");
  options.api_key_env_var = require_key_variable(settings.api_key_env_var.value_or("CHROMA_OPENAI_API_KEY"));
  options.api_base = settings.api_base.value_or(options.api_base);
  if (settings.dimensions) options.dimensions = *settings.dimensions;
  options.organization = settings.organization_id.value_or("");
  if (settings.api_type == "azure") {
    options.api_version = settings.api_version.value_or("");
    options.deployment_id = settings.deployment_id.value_or("");
  }
  if (settings.default_headers) {
    options.default_headers.assign(settings.default_headers->begin(), settings.default_headers->end());
  }
  return options;
}

}  // namespace embed::openai
}  // namespace chroma
