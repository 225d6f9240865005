#include "embed/hugging_face/configuration.hpp"

#include "embed/http/api_key.hpp"
#include "embed/http/settings.hpp"
#include "embed/hugging_face/server.hpp"

#include <optional>
#include <string>

namespace chroma {
namespace embed::hugging_face {

struct Settings {
  std::optional<std::string> url;
  std::optional<std::string> api_key_env_var;
};

}  // namespace embed::hugging_face

namespace detail {

template <>
struct Description<embed::hugging_face::Settings> {
  static constexpr auto unset = json::Unset::Dropped;
  static void fields(auto& settings, auto visit) {
    visit(json::required("url"), settings.url);
    visit("api_key_env_var", settings.api_key_env_var);
  }
};

}  // namespace detail

namespace embed::hugging_face {

EmbeddingFunctionConfiguration write_configuration(const HuggingFaceServerOptions& options) {
  Settings settings;
  settings.url = without_user_info(options.url);
  settings.api_key_env_var = unless_empty(options.api_key_env_var);
  return write_settings("huggingface_server", settings);
}

HuggingFaceServerOptions read_configuration(const EmbeddingFunctionConfiguration& configuration) {
  const auto settings = read_settings<Settings>(configuration);
  HuggingFaceServerOptions options;
  options.url = with_path(settings.url.value_or(""), "/");
  options.truncate.reset();
  if (settings.api_key_env_var && !settings.api_key_env_var->empty()) {
    options.api_key_env_var = require_key_variable(*settings.api_key_env_var);
  }
  return options;
}

}  // namespace embed::hugging_face
}  // namespace chroma
