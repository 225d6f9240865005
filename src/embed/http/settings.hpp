#pragma once

#include "core/buffer.hpp"
#include "json/fields.hpp"
#include "json/values.hpp"

#include <chroma/embed/http_options.hpp>
#include <chroma/error.hpp>
#include <chroma/index_config.hpp>

#include <optional>
#include <string>
#include <utility>

namespace chroma::embed {

/// Copies the options of the client that also apply to a function that is built from a collection's
/// configuration: timeouts, retries, proxy, observer and logger. The TLS settings and the headers of the
/// client are for the Chroma server only.
void take_client_options(HttpEmbeddingOptions& options, const ChromaHttpClientOptions& client);

/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[noreturn]] void throw_unreadable_settings(const EmbeddingFunctionConfiguration& configuration,
                                            const ChromaHttpClientError& error);

/// Reads the settings of a configuration: a described type (json/fields.hpp).
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
template <json::Described Settings>
[[nodiscard]] Settings read_settings(const EmbeddingFunctionConfiguration& configuration) {
  try {
    return json::decode<Settings>(configuration.config());
  } catch (const ChromaHttpClientError& error) {
    throw_unreadable_settings(configuration, error);
  }
}

template <json::Described Settings>
[[nodiscard]] EmbeddingFunctionConfiguration write_settings(const char* name, const Settings& settings) {
  return EmbeddingFunctionConfiguration::known(name, std::string(json::encode(settings).view()));
}

/// The text as a setting that is left out when it is empty.
[[nodiscard]] inline std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// The URL as a collection may record it: without the user and the password, which are secrets.
[[nodiscard]] std::string without_user_info(std::string url);

}  // namespace chroma::embed
