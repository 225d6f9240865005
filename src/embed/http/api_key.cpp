#include "embed/http/api_key.hpp"

#include "core/ascii.hpp"

#include <chroma/error.hpp>
#include <chroma/options.hpp>

#include <cstdlib>

namespace chroma::embed {

std::string find_api_key(const std::string& given, const std::string& variable) {
  const auto key = core::trimmed(given);
  if (!key.empty() || variable.empty()) return std::string(key);
  const char* value = std::getenv(variable.c_str());
  return std::string(core::trimmed(value != nullptr ? value : ""));
}

void fail_without_api_key(const std::string& provider, const std::string& variable) {
  throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::MissingConfiguration,
                                     "Missing API key of " + provider + ": set the environment variable " +
                                         variable + ", or the option api_key");
}

std::string require_key_variable(std::string name) {
  if (name.find("API_KEY") != std::string::npos) return name;
  throw ChromaHttpClientError(EmbeddingFunctionError{
      "the configuration names the environment variable \"" + name +
      "\" for the API key; only variables whose names contain API_KEY are used, because a "
      "configuration may come from somebody else and may also name the server that the "
      "value is sent to. Give the collection a function instead"});
}

}  // namespace chroma::embed
